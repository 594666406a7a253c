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
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KvCacheTest {

    private static final int[] A = {5, 17, 60, 2, 33, 9};
    private static final int[] B = {1, 63, 8};
    private static final int DIM = 32;

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

    /// Computes prompts in one pass, padded with token 40 to the longest.
    private PromptCache compute(KvCache cache, int[]... prompts) {
        int[] lengths = Arrays.stream(prompts).mapToInt(ids -> ids.length).toArray();
        int width = Arrays.stream(lengths).max().orElseThrow();
        long[] tokens = new long[prompts.length * width];
        Arrays.fill(tokens, 40);
        for (int u = 0; u < prompts.length; u++) {
            for (int t = 0; t < lengths[u]; t++) {
                tokens[u * width + t] = prompts[u][t];
            }
        }
        PromptCache computed = cache.forPrompts(lengths);
        model.hidden(manager.create(tokens, new Shape(prompts.length, width)), computed);
        return computed;
    }

    /// Hidden states after one more token of each live sequence.
    private float[][] step(KvCache cache, int... tokens) {
        cache.beginStep();
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        NDArray hidden = model.hidden(manager.create(ids, new Shape(tokens.length, 1)), cache);
        cache.finishStep();
        float[] flat = hidden.toFloatArray();
        return IntStream.range(0, tokens.length)
                .mapToObj(b -> Arrays.copyOfRange(flat, b * DIM, (b + 1) * DIM))
                .toArray(float[][]::new);
    }

    private void assertLast(float[] found, int... tokens) {
        NDArray ids = manager.create(Arrays.stream(tokens).asLongStream().toArray(), new Shape(1, tokens.length));
        float[] all = model.hidden(ids, new AttentionContext.Causal()).toFloatArray();
        assertThat(found).containsExactly(Arrays.copyOfRange(all, all.length - DIM, all.length), within(1e-5f));
    }

    @Test
    void steps_ofUnequalSequences_giveWhatWholeSequencesGive() {
        try (KvCache cache = model.newCache(manager, 2, 10);
                PromptCache prompts = compute(cache, Arrays.copyOf(A, 4), Arrays.copyOf(B, 2))) {
            cache.admit(prompts, 0, 1);
            cache.admit(prompts, 1, 1);
            float[][] first = step(cache, 33, 8);
            assertLast(first[0], Arrays.copyOf(A, 5));
            assertLast(first[1], B);
            float[][] second = step(cache, 9, 7);
            assertLast(second[0], A);
            assertLast(second[1], 1, 63, 8, 7);
            assertThat(cache.length(0)).isEqualTo(6);
            assertThat(cache.length(1)).isEqualTo(4);
        }
    }

    @Test
    void aPrompt_isSharedByThoseThatEnterTogetherAndLater() {
        try (KvCache cache = model.newCache(manager, 4, 10);
                PromptCache prompts = compute(cache, Arrays.copyOf(A, 5), Arrays.copyOf(B, 2))) {
            cache.admit(prompts, 1, 2);
            step(cache, 8, 7);
            cache.admit(prompts, 1, 1);
            cache.admit(prompts, 0, 1);
            assertThat(cache.free()).isZero();
            float[][] found = step(cache, 4, 5, 8, 9);
            assertLast(found[0], 1, 63, 8, 4);
            assertLast(found[1], 1, 63, 7, 5);
            assertLast(found[2], B);
            assertLast(found[3], A);
        }
    }

    /// The slot of A, three times as long, is B's next: nothing of A may be seen from it.
    @Test
    void release_givesTheSlotToTheLastOne_andThenToANewOne() {
        try (KvCache cache = model.newCache(manager, 3, 10);
                PromptCache prompts = compute(cache, Arrays.copyOf(A, 5), Arrays.copyOf(B, 2), new int[] {50})) {
            cache.admit(prompts, 0, 1);
            cache.admit(prompts, 1, 1);
            cache.admit(prompts, 2, 1);
            step(cache, 9, 8, 51);
            cache.release(0);
            assertThat(cache.live()).isEqualTo(2);
            assertThat(cache.length(0)).isEqualTo(2);
            float[][] moved = step(cache, 52, 7);
            assertLast(moved[0], 50, 51, 52);
            assertLast(moved[1], 1, 63, 8, 7);
            cache.admit(prompts, 0, 1);
            cache.release(1);
            float[][] again = step(cache, 53, 9);
            assertLast(again[0], 50, 51, 52, 53);
            assertLast(again[1], A);
            cache.release(1);
            cache.release(0);
            assertThat(cache.live()).isZero();
        }
    }

    /// What was never written is whatever memory held: NaN, to be sure of it. 70 tokens are three blocks.
    @Test
    void cellsBeyondASequence_areNotSeen_acrossBlocks() {
        int[] ids = new Random(1).ints(70, 0, 64).toArray();
        try (KvCache cache = model.newCache(manager, 2, 80);
                PromptCache prompts = compute(cache, Arrays.copyOf(ids, 30), new int[] {11})) {
            manager.getManagedArrays().stream()
                    .filter(array -> array.getShape().dimension() == 5)
                    .filter(array ->
                            array.getShape().get(1) == 2 && array.getShape().get(3) == 96)
                    .forEach(array -> array.subi(array).divi(array));
            cache.admit(prompts, 0, 1);
            cache.admit(prompts, 1, 1);
            for (int t = 30; t < 70; t++) {
                float[][] found = step(cache, ids[t], 12);
                assertLast(found[0], Arrays.copyOf(ids, t + 1));
            }
        }
    }

    @Test
    void whatIsNotThere_orDoesNotFit_isRefused() {
        try (KvCache cache = model.newCache(manager, 2, 32);
                PromptCache prompts = compute(cache, new int[32], A, new int[33])) {
            assertThatThrownBy(cache::beginStep).hasMessage("no sequence is live");
            assertThatThrownBy(() -> cache.release(0)).hasMessage("there is no sequence in slot 0 of 0");
            assertThatThrownBy(() -> cache.admit(prompts, 1, 3)).hasMessage("3 sequences for 2 free slots");
            assertThatThrownBy(() -> cache.admit(prompts, 2, 1))
                    .hasMessage("a prompt of 33 tokens does not fit slots of 32");
            cache.admit(prompts, 0, 1);
            assertThatThrownBy(() -> cache.release(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(cache::beginStep).hasMessage("a sequence of 33 tokens does not fit slots of 32");
        }
    }

    @Test
    void aPassWithoutBeginStep_isRefused() {
        try (KvCache cache = model.newCache(manager, 1, 8)) {
            NDArray ids = manager.create(new long[] {1}, new Shape(1, 1));
            assertThatThrownBy(() -> model.hidden(ids, cache)).isInstanceOf(IllegalStateException.class);
        }
    }

    /// The cells, a view of them for each of two layers' keys and values, and the positions.
    @Test
    void close_freesEverythingTheCacheHeld_andNothingIsTakenInBetween() {
        int before = manager.getManagedArrays().size();
        try (KvCache cache = model.newCache(manager, 3, 8)) {
            try (NDScope _ = new NDScope();
                    PromptCache prompts = compute(cache, A, B)) {
                cache.admit(prompts, 0, 2);
                cache.admit(prompts, 1, 1);
                step(cache, 1, 2, 3);
                cache.release(0);
            }
            assertThat(manager.getManagedArrays()).hasSize(before + 1 + 2 * 2 + 1);
        }
        assertThat(manager.getManagedArrays()).hasSize(before);
    }
}
