package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.study.paritymnist.Objective.Advantage;
import dev.razor.study.paritymnist.ParityConfig.Kind;
import dev.razor.study.paritymnist.ParityConfig.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MethodLabelsTest {

    private static final byte[] DIGITS = {6, 3};

    @Test
    void labels_ofSft1AndSft2_areThePapers() {
        double[] one = MethodLabels.labels(DIGITS, 1);
        assertThat(one[0]).isEqualTo(1); // even: 0
        assertThat(one[11]).isEqualTo(1); // odd: 1
        assertThat(Arrays.stream(one).sum()).isEqualTo(2);

        double[] two = MethodLabels.labels(DIGITS, 2);
        assertThat(new double[] {two[0], two[4], two[11], two[15]}).containsOnly(0.5); // {0, 4}, {1, 5}
        assertThat(Arrays.stream(two).sum()).isEqualTo(2);
    }

    @Test
    void closest_isTheBaseRestrictedToTheRightLabels() {
        double[] base = new double[20];
        Arrays.fill(base, Math.log(0.05));
        base[0] = Math.log(0.3); // even: 0.3 of 0.5
        base[2] = Math.log(0.05);
        base[1] = Math.log(0.3); // odd, wrong for a 6
        double[] q = MethodLabels.closest(DIGITS, base);

        // Right labels of the 6 have 0.3 and four times 0.05, 0.5 in all.
        assertThat(Arrays.copyOf(q, 10))
                .containsExactly(new double[] {0.6, 0, 0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0}, within(1e-12));
        // Those of the 3 are equally likely.
        assertThat(Arrays.copyOfRange(q, 10, 20))
                .containsExactly(new double[] {0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2}, within(1e-12));
    }

    @Test
    void closest_toABaseThatIsAllButSurelyWrong_isStillADistribution() {
        double[] base = new double[20];
        Arrays.fill(base, -800); // e^-800 is zero in double precision
        base[1] = 0;
        double[] q = MethodLabels.closest(DIGITS, base);

        assertThat(Arrays.copyOf(q, 10))
                .containsExactly(new double[] {0.2, 0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2, 0}, within(1e-12));
    }

    @Test
    void of_givesEachKindItsObjective() {
        assertThat(objective(Kind.GRPO, true)).isEqualTo(new Objective.PolicyGradient(DIGITS, 8, Advantage.NORMALISED));
        assertThat(objective(Kind.GRPO, false)).isEqualTo(new Objective.PolicyGradient(DIGITS, 8, Advantage.CENTRED));
        assertThat(objective(Kind.REINFORCE, true))
                .isEqualTo(new Objective.PolicyGradient(DIGITS, 8, Advantage.REWARD));
        Objective.Supervised taught = (Objective.Supervised) objective(Kind.TEACHER, true);
        assertThat(taught.sampled()).isTrue();
        assertThat(Arrays.stream(taught.targets()).boxed()).hasSize(20).allMatch(p -> Math.abs(p - 0.1) < 1e-12);
    }

    private static Objective objective(Kind kind, boolean scaleRewards) {
        double[] uniform = new double[20];
        Arrays.fill(uniform, Math.log(0.1));
        return MethodLabels.of(new Method("m", kind, 0, 8, scaleRewards, true), DIGITS, () -> uniform, () -> uniform);
    }
}
