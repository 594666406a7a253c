package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AggregateTest {

    @Test
    void of_givesMeanAndStandardError() {
        // 1, 0, 1, 1: mean 3/4, squares 3 * 1/16 + 9/16 = 3/4, variance 3/4 / 3 = 1/4, error 1/2 / 2.
        Aggregate aggregate = Aggregate.of("acc", List.of(1.0, 0.0, 1.0, 1.0));

        assertThat(aggregate.mean()).isEqualTo(0.75);
        assertThat(aggregate.standardError().orElseThrow()).isCloseTo(0.25, within(1e-15));
        assertThat(aggregate.count()).isEqualTo(4);
    }

    @Test
    void of_knowsNoErrorOfASingleDocument() {
        assertThat(Aggregate.of("acc", List.of(1.0)).standardError()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Aggregate.of("acc", List.of()));
    }

    @Test
    void pooled_weighsByDocuments() {
        // Means 1/2 of 2 and 1 of 6: (1 + 6) / 8. Errors sqrt(1/2)/sqrt(2) = 1/2 and 0:
        // variance = (1 * 2 * 1/4 + 0) / (8 - 2) = 1/12, error sqrt(1/12/8) = sqrt(1/96).
        Aggregate two = Aggregate.of("acc", List.of(0.0, 1.0));
        Aggregate six = Aggregate.of("acc", List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0));

        Aggregate pooled = Aggregate.pooled("acc", List.of(two, six));

        assertThat(pooled.mean()).isEqualTo(0.875);
        assertThat(pooled.standardError().orElseThrow()).isCloseTo(Math.sqrt(1.0 / 96), within(1e-15));
        assertThat(pooled.count()).isEqualTo(8);
    }

    @Test
    void pooled_isTheWholesMeanAndNearItsError() {
        var random = new Random(11);
        var tasks = new ArrayList<Aggregate>();
        var everything = new ArrayList<Double>();
        for (int task = 0; task < 20; task++) {
            var values = new ArrayList<Double>();
            for (int i = 0; i < 30 + task; i++) {
                values.add(random.nextDouble() < 0.4 ? 1.0 : 0.0);
            }
            tasks.add(Aggregate.of("acc", values));
            everything.addAll(values);
        }
        Aggregate whole = Aggregate.of("acc", everything);
        Aggregate pooled = Aggregate.pooled("acc", tasks);

        assertThat(pooled.mean()).isCloseTo(whole.mean(), within(1e-12));
        // All tasks have the same mean here, so that the pooled error estimates the same thing.
        assertThat(pooled.standardError().orElseThrow())
                .isCloseTo(whole.standardError().orElseThrow(), within(0.001));
    }

    @Test
    void pooled_knowsNoErrorWhereATaskHasNone() {
        Aggregate one = Aggregate.of("acc", List.of(1.0));
        Aggregate two = Aggregate.of("acc", List.of(0.0, 1.0));

        assertThat(Aggregate.pooled("acc", List.of(one, two)).standardError()).isEmpty();
    }
}
