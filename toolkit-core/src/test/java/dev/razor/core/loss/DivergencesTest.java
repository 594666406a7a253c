package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class DivergencesTest {

    @Test
    void between_matchesTheReferenceAtEveryPosition() {
        try (LoadedGolden base = LoadedGolden.frozen("model-a");
                LoadedGolden model = LoadedGolden.frozen("model-a-perturbed")) {
            for (JsonNode sequence : Golden.json("divergence.json").path("sequences")) {
                int[] prompt = Golden.ids(sequence.path("prompt_ids"));
                int[] completion = Golden.ids(sequence.path("completion_ids"));
                int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
                System.arraycopy(completion, 0, ids, prompt.length, completion.length);
                Divergences found = between(base, model, ids);
                JsonNode expected = sequence.path("per_position");
                check(found.forwardKl(), expected.path("forward_kl"), 1e-4);
                check(found.reverseKl(), expected.path("reverse_kl"), 1e-4);
                check(found.totalVariation(), expected.path("total_variation"), 2e-5);
                check(found.l2(), expected.path("l2"), 2e-5);
                check(found.baseEntropy(), expected.path("entropy_pi0"), 1e-4);
                check(found.modelEntropy(), expected.path("entropy_pi"), 1e-4);
            }
        }
    }

    @Test
    void between_aModelAndItself_isZeroExactly() {
        try (LoadedGolden base = LoadedGolden.frozen("model-a");
                LoadedGolden same = LoadedGolden.frozen("model-a")) {
            Divergences found = between(base, same, new int[] {5, 17, 300, 42});
            assertThat(found.forwardKl()).containsOnly(0.0);
            assertThat(found.reverseKl()).containsOnly(0.0);
            assertThat(found.totalVariation()).containsOnly(0.0);
            assertThat(found.l2()).containsOnly(0.0);
            assertThat(found.jensenShannon()).containsOnly(0.0);
        }
    }

    /// p = (1/2, 1/2) and q = (1/4, 3/4), from logits 0, 0 and 0, ln 3:
    /// forward 1/2 ln 2 + 1/2 ln 2/3, reverse 1/4 ln 1/2 + 3/4 ln 3/2, TV 1/4, L2 sqrt(1/8),
    /// JS with m = (3/8, 5/8).
    @Test
    void between_matchesTwoTokensWorkedOutByHand() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            NDArray one = manager.create(new float[] {1}, new Shape(1, 1));
            Linear base = new Linear(manager.create(new float[] {0, 0}, new Shape(2, 1)), null);
            Linear model = new Linear(manager.create(new float[] {0, (float) Math.log(3)}, new Shape(2, 1)), null);
            Divergences found = Divergences.between(one, base, one, model);
            double forward = 0.5 * Math.log(2) + 0.5 * Math.log(2.0 / 3);
            double reverse = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
            double middle = 0.5 * (0.5 * Math.log(4.0 / 3) + 0.5 * Math.log(0.8))
                    + 0.5 * (0.25 * Math.log(2.0 / 3) + 0.75 * Math.log(1.2));
            assertThat(found.forwardKl()[0]).isCloseTo(forward, within(1e-7));
            assertThat(found.reverseKl()[0]).isCloseTo(reverse, within(1e-7));
            assertThat(found.totalVariation()[0]).isCloseTo(0.25, within(1e-7));
            assertThat(found.l2()[0]).isCloseTo(Math.sqrt(0.125), within(1e-7));
            assertThat(found.jensenShannon()[0]).isCloseTo(middle, within(1e-7));
        }
    }

    private static Divergences between(LoadedGolden base, LoadedGolden model, int[] ids) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            return Divergences.between(
                    hidden(base, ids),
                    base.model().head(),
                    hidden(model, ids),
                    model.model().head());
        }
    }

    private static NDArray hidden(LoadedGolden golden, int[] ids) {
        NDArray tokens =
                golden.manager().create(Arrays.stream(ids).asLongStream().toArray(), new Shape(1, ids.length));
        return golden.model().hidden(tokens, new AttentionContext.Causal()).reshape(ids.length, -1);
    }

    private static void check(double[] found, JsonNode expected, double tolerance) {
        assertThat(found).containsExactly(Golden.doubles(expected), within(tolerance));
    }
}
