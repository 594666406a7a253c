package dev.razor.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.qwen2.Qwen2Decoder;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyModel;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KvCacheTest {

    private static final int[] A = {5, 17, 60, 2, 33, 9};
    private static final int[] B = {1, 63, 8};

    private final NDManager manager = Tensors.newManager("cpu");
    private final GradMode gradMode = GradMode.off();
    private final NDScope scope = new NDScope();

    private Qwen2Decoder model;

    @BeforeEach
    void buildModel() {
        model = TinyModel.decoder(manager, TinyModel.UNTIED, TinyModel.weights(manager, TinyModel.UNTIED, 3));
    }

    @AfterEach
    void close() {
        scope.close();
        gradMode.close();
        manager.close();
    }

    /// Hidden states of one step: `rows` new tokens, padded to one width, of which `counts` are real.
    private float[] step(KvCache cache, int[] counts, int[]... rows) {
        int width = rows[0].length;
        long[] tokens =
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
        cache.beginStep(counts, width);
        NDArray hidden = model.hidden(manager.create(tokens, new Shape(rows.length, width)), cache);
        cache.finishStep(counts);
        return hidden.toFloatArray();
    }

    private float[] last(int[] tokens) {
        NDArray ids = manager.create(Arrays.stream(tokens).asLongStream().toArray(), new Shape(1, tokens.length));
        float[] all = model.hidden(ids, new AttentionContext.Causal()).toFloatArray();
        return Arrays.copyOfRange(all, all.length - 32, all.length);
    }

    private static float[] row(float[] hidden, int index) {
        return Arrays.copyOfRange(hidden, index * 32, (index + 1) * 32);
    }

    @Test
    void steps_ofUnequalSequences_giveWhatWholeSequencesGive() {
        try (KvCache cache = model.newCache(manager, 2, 10)) {
            step(cache, new int[] {5, 2}, Arrays.copyOf(A, 5), new int[] {1, 63, 0, 0, 0});
            float[] found = step(cache, new int[] {1, 1}, new int[] {9}, new int[] {8});
            assertThat(row(found, 0)).containsExactly(last(A), within(1e-5f));
            assertThat(row(found, 1)).containsExactly(last(B), within(1e-5f));
            assertThat(cache.length(0)).isEqualTo(6);
            assertThat(cache.length(1)).isEqualTo(3);
        }
    }

    /// Padding beyond a sequence's end was written to its slots and must be written over, not looked at.
    @Test
    void aLaterStep_ofSeveralTokens_seesNoPadding() {
        try (KvCache cache = model.newCache(manager, 2, 10)) {
            step(cache, new int[] {2, 1}, new int[] {5, 17}, new int[] {1, 40});
            float[] found = step(cache, new int[] {4, 2}, new int[] {60, 2, 33, 9}, new int[] {63, 8, 0, 0});
            assertThat(row(found, 3)).containsExactly(last(A), within(1e-5f));
            assertThat(row(found, 5)).containsExactly(last(B), within(1e-5f));
        }
    }

    @Test
    void select_repeatsReordersAndDropsSequences() {
        try (KvCache cache = model.newCache(manager, 2, 8)) {
            step(cache, new int[] {5, 2}, Arrays.copyOf(A, 5), new int[] {1, 63, 0, 0, 0});
            cache.select(new int[] {1, 0, 1});
            assertThat(cache.length(0)).isEqualTo(2);
            assertThat(cache.length(1)).isEqualTo(5);
            float[] found = step(cache, new int[] {1, 1, 1}, new int[] {8}, new int[] {9}, new int[] {7});
            assertThat(row(found, 0)).containsExactly(last(B), within(1e-5f));
            assertThat(row(found, 1)).containsExactly(last(A), within(1e-5f));
            assertThat(row(found, 2)).containsExactly(last(new int[] {1, 63, 7}), within(1e-5f));
            cache.select(new int[] {1});
            assertThat(cache.length(0)).isEqualTo(6);
        }
    }

    @Test
    void select_ofASequenceThatIsNotThere_isRefused_andChangesNothing() {
        try (KvCache cache = model.newCache(manager, 2, 8)) {
            step(cache, new int[] {5, 2}, Arrays.copyOf(A, 5), new int[] {1, 63, 0, 0, 0});
            assertThatThrownBy(() -> cache.select(new int[] {0, 2}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sequence 2 of 2");
            assertThatThrownBy(() -> cache.select(new int[] {-1})).isInstanceOf(IllegalArgumentException.class);
            float[] found = step(cache, new int[] {1, 1}, new int[] {9}, new int[] {8});
            assertThat(row(found, 1)).containsExactly(last(B), within(1e-5f));
        }
    }

    @Test
    void beginStep_refusesWhatDoesNotFit() {
        try (KvCache cache = model.newCache(manager, 2, 8)) {
            assertThatThrownBy(() -> cache.beginStep(new int[] {1}, 1)).hasMessage("1 counts for 2 sequences");
            assertThatThrownBy(() -> cache.beginStep(new int[] {9, 1}, 9))
                    .hasMessage("a sequence of 9 tokens does not fit a cache of 8");
            assertThatThrownBy(() -> cache.beginStep(new int[] {1, 3}, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 new tokens in a row of 2");
            assertThatThrownBy(() -> cache.beginStep(new int[] {-1, 1}, 2))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aPassWithoutBeginStep_isRefused() {
        try (KvCache cache = model.newCache(manager, 1, 8)) {
            NDArray ids = manager.create(new long[] {1}, new Shape(1, 1));
            assertThatThrownBy(() -> model.hidden(ids, cache)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void close_freesEverythingTheCacheHeld() {
        int before = manager.getManagedArrays().size();
        try (KvCache cache = model.newCache(manager, 3, 8)) {
            try (NDScope _ = new NDScope()) {
                step(cache, new int[] {2, 2, 2}, new int[] {1, 2}, new int[] {3, 4}, new int[] {5, 6});
                cache.select(new int[] {2, 0});
            }
            assertThat(manager.getManagedArrays()).hasSize(before + 2 * 2);
        }
        assertThat(manager.getManagedArrays()).hasSize(before);
    }
}
