package dev.razor.eval.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Progress;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.TokenizedRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class KeptLogLikelihoodsTest {

    @TempDir
    private Path directory;

    private final List<Integer> asked = new ArrayList<>();

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static List<TokenizedRequest> requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TokenizedRequest(new int[] {1, i}, new int[] {2}))
                .toList();
    }

    /// A model that gives a third of the context's token, and dies in the call number `dies`.
    private KeptLogLikelihoods kept(String model, int dies) {
        LogLikelihoods scores = some -> {
            if (asked.size() == dies) {
                throw new Killed();
            }
            asked.add(some.size());
            return some.stream()
                    .map(one -> new LogLikelihood(-one.contextIds()[1] / 3.0, one.contextIds()[1] % 2 == 0))
                    .toList();
        };
        ObjectNode identity = JsonNodeFactory.instance.objectNode().put("model_hash", model);
        return new KeptLogLikelihoods(
                _ -> scores, directory.resolve("samples_x.jsonl.partial"), identity, 4, Progress.silent());
    }

    @Test
    void score_goesOnAfterTheLastWholeStretch() {
        assertThatThrownBy(() -> kept("a", 2).score(requests(11))).isInstanceOf(Killed.class);
        assertThat(asked).containsExactly(4, 4);
        asked.clear();
        List<LogLikelihood> scores = kept("a", -1).score(requests(11));
        assertThat(asked).as("the last stretch alone").containsExactly(3);
        for (int i = 0; i < 11; i++) {
            assertThat(scores.get(i)).isEqualTo(new LogLikelihood(-i / 3.0, i % 2 == 0));
        }
        asked.clear();
        assertThat(kept("a", -1).score(requests(11))).isEqualTo(scores);
        assertThat(asked).isEmpty();
    }

    @Test
    void score_ofAnotherModelOrOtherRequests_isRefused() {
        kept("a", -1).score(requests(3));
        assertThatThrownBy(() -> kept("b", -1).score(requests(3)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("of another evaluation: model_hash was \"a\" and is \"b\" now");
        assertThatThrownBy(() -> kept("a", -1).score(requests(4)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("requests was");
    }
}
