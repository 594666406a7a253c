package dev.razor.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyModel;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SharedPrefixesTest {

    /// Five segments: 0 begins two sequences, 1 goes on from it and branches into 2 and 3, 4 stands alone.
    private static final int[] STARTS = {0, 4, 7, 9, 14, 17};

    private static final int[] PARENTS = {-1, 0, 1, 1, -1};
    private static final long[] ROW = {5, 9, 2, 7, 11, 3, 8, 20, 21, 30, 31, 32, 33, 34, 6, 5, 1};

    private static float[] hidden(NDManager manager, CausalLm model, long[] ids, AttentionContext context) {
        NDArray hidden = model.hidden(manager.create(ids, new Shape(1, ids.length)), context);
        return Aten.to(hidden, Dtype.FLOAT32).toFloatArray();
    }

    /// What is computed of each path is what a pass over it alone computes.
    @Test
    void hidden_ofEveryPath_isThatOfTheWholeSequence() {
        try (NDManager manager = Tensors.newManager("cpu");
                GradMode _ = GradMode.off()) {
            var weights = TinyModel.weights(manager, TinyModel.UNTIED, 3);
            CausalLm model = TinyModel.decoder(manager, TinyModel.UNTIED, weights);
            float[] shared = hidden(manager, model, ROW, SharedPrefixes.of(manager, Dtype.FLOAT32, STARTS, PARENTS));
            int width = shared.length / ROW.length;
            int[][] paths = {{0}, {0, 1}, {0, 1, 2}, {0, 1, 3}, {4}};
            for (int[] path : paths) {
                long[] ids = Arrays.stream(path)
                        .mapToObj(s -> Arrays.copyOfRange(ROW, STARTS[s], STARTS[s + 1]))
                        .flatMapToLong(Arrays::stream)
                        .toArray();
                float[] alone = hidden(manager, model, ids, new AttentionContext.Causal());
                int last = path[path.length - 1];
                int length = STARTS[last + 1] - STARTS[last];
                for (int i = 0; i < length * width; i++) {
                    assertThat(shared[STARTS[last] * width + i])
                            .as("%s, value %d", Arrays.toString(path), i)
                            .isCloseTo(alone[(ids.length - length) * width + i], within(1e-5f));
                }
            }
        }
    }

    /// The siblings 2 and 3 do not see each other, nor does 4 see anybody.
    @Test
    void hidden_ofASegment_doesNotDependOnItsSiblings() {
        try (NDManager manager = Tensors.newManager("cpu");
                GradMode _ = GradMode.off()) {
            var weights = TinyModel.weights(manager, TinyModel.UNTIED, 3);
            CausalLm model = TinyModel.decoder(manager, TinyModel.UNTIED, weights);
            long[] changed = ROW.clone();
            changed[7] = 60;
            SharedPrefixes context = SharedPrefixes.of(manager, Dtype.FLOAT32, STARTS, PARENTS);
            float[] before = hidden(manager, model, ROW, context);
            float[] after = hidden(manager, model, changed, context);
            int width = before.length / ROW.length;
            int from = STARTS[3] * width;
            assertThat(Arrays.copyOfRange(after, from, after.length))
                    .containsExactly(Arrays.copyOfRange(before, from, before.length));
            assertThat(Arrays.copyOfRange(after, 7 * width, 9 * width))
                    .isNotEqualTo(Arrays.copyOfRange(before, 7 * width, 9 * width));
        }
    }

    @Test
    void of_refusesAParentThatComesLater() {
        try (NDManager manager = Tensors.newManager("cpu")) {
            assertThatThrownBy(() -> SharedPrefixes.of(manager, Dtype.FLOAT32, new int[] {0, 1, 2}, new int[] {1, -1}))
                    .hasMessageContaining("segment 0 cannot go on from segment 1");
        }
    }
}
