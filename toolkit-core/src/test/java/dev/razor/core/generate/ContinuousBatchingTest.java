package dev.razor.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.ForwardPass;
import dev.razor.core.model.KvCache;
import dev.razor.core.model.PromptCache;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.nn.Linear;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.testing.TinyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Slots that are given on while others are still being written, against decoding as it is defined.
final class ContinuousBatchingTest {

    private static final NDManager MANAGER = Tensors.newManager("cpu");
    private static final CausalLm MODEL =
            TinyModel.decoder(MANAGER, TinyModel.UNTIED, TinyModel.weights(MANAGER, TinyModel.UNTIED, 8));
    private static final int[] STOPS = {3, 17, 28, 41, 60};

    /// Five prompts of 1 to 37 tokens, one of them three times and apart, one four times together.
    private static final List<Prompt> PROMPTS = prompts(5, 1, 5, 37, 12, 20, 20, 20, 20, 5, 12, 37);

    @AfterAll
    static void close() {
        MANAGER.close();
    }

    /// Prompts of these lengths; those of one length are equal.
    private static List<Prompt> prompts(int... lengths) {
        List<Prompt> prompts = new ArrayList<>();
        for (int length : lengths) {
            int[] ids = new Random(length).ints(length, 0, 64).toArray();
            prompts.add(new Prompt(ids, 50 + prompts.size()));
        }
        return prompts;
    }

    private static void assertSame(List<Completion> found, List<Completion> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).ids())
                    .as("sequence %d", i)
                    .containsExactly(expected.get(i).ids());
            assertThat(found.get(i).logProbs()).containsExactly(expected.get(i).logProbs(), within(1e-5f));
            assertThat(found.get(i).stopped()).isEqualTo(expected.get(i).stopped());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 1, 0", "0.7, 0.9, 0", "1.4, 1, 20", "1.2, 0.8, 30"})
    void complete_givesWhatEachPromptAloneGives(double temperature, double topP, int topK) {
        var options = new SamplingOptions(12, temperature, topP, topK, STOPS);
        List<Completion> expected = new ReferenceDecoder(MODEL, MANAGER).complete(PROMPTS, options);
        for (int slots : new int[] {1, 2, 3, 5, 12, 100}) {
            assertSame(new Generator(MODEL, MANAGER, slots).complete(PROMPTS, options), expected);
        }
        if (temperature == 1) {
            Set<Integer> lengths = new HashSet<>();
            expected.forEach(completion -> lengths.add(completion.ids().length));
            assertThat(lengths).as("they end at different times").hasSizeGreaterThan(4);
        }
    }

    /// 24 positions: prompts of 23 and 20 tokens have room for 1 and 4.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6})
    void complete_endsAtTheContextsLimit(int slots) {
        var config = new Qwen2Config(64, 32, 48, 2, 4, 2, 24, 1e-6, 10_000, false);
        CausalLm model = TinyModel.decoder(MANAGER, config, TinyModel.weights(MANAGER, config, 4));
        List<Prompt> prompts = prompts(23, 5, 20, 23, 1, 20);
        List<Completion> found = new Generator(model, MANAGER, slots).complete(prompts, SamplingOptions.untruncated(9));
        assertThat(found).extracting(completion -> completion.ids().length).containsExactly(1, 9, 4, 1, 9, 4);
        assertSame(found, new ReferenceDecoder(model, MANAGER).complete(prompts, SamplingOptions.untruncated(9)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void complete_ofOneTokenEach_neverDecodes(int slots) {
        var counting = new Counting(MODEL);
        assertSame(
                new Generator(counting, MANAGER, slots).complete(PROMPTS, SamplingOptions.untruncated(1)),
                new ReferenceDecoder(MODEL, MANAGER).complete(PROMPTS, SamplingOptions.untruncated(1)));
        assertThat(counting.decoded).isEmpty();
        assertThat(new Generator(counting, MANAGER, slots).complete(List.of(), SamplingOptions.greedy(1)))
                .isEmpty();
    }

    @Test
    void complete_takesItsCacheOnce_andComputesEachPromptOnce() {
        var counting = new Counting(MODEL);
        new Generator(counting, MANAGER, 3).complete(PROMPTS, SamplingOptions.untruncated(12, STOPS));
        assertThat(counting.caches).containsExactly("3 x 49");
        // From the longest on, no more than there are slots at a time: 37 20 12, then 5 1.
        assertThat(counting.prefilled).containsExactly("3 x 37", "2 x 5");
        new Generator(counting, MANAGER, 50).complete(PROMPTS, SamplingOptions.untruncated(4));
        assertThat(counting.caches).containsExactly("3 x 49", "12 x 41");
        assertThat(counting.prefilled).containsExactly("3 x 37", "2 x 5", "5 x 37");
    }

    /// Ten sequences of five tokens in four slots: the first token of each follows from its prompt, four from
    /// passes.
    @Test
    void complete_ofEqualLengths_decodesInWaves() {
        var counting = new Counting(MODEL);
        new Generator(counting, MANAGER, 4)
                .complete(prompts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), SamplingOptions.untruncated(5));
        assertThat(counting.decoded).containsExactly(4L, 4L, 4L, 4L, 4L, 4L, 4L, 4L, 2L, 2L, 2L, 2L);
    }

    /// No row of a pass is wasted, and no slot is empty while something waits.
    @Test
    void complete_ofUnequalLengths_keepsItsSlotsFull() {
        var counting = new Counting(MODEL);
        List<Completion> found =
                new Generator(counting, MANAGER, 3).complete(PROMPTS, SamplingOptions.untruncated(30, STOPS));
        long written =
                found.stream().mapToLong(completion -> completion.ids().length).sum();
        assertThat(counting.decoded.stream().mapToLong(rows -> rows).sum()).isEqualTo(written - PROMPTS.size());
        int[] lengths =
                found.stream().mapToInt(completion -> completion.ids().length).toArray();
        // The first token of each follows from its prompt; after the last one has entered two slots may be empty.
        long idle = 3L * (counting.decoded.size() + 1) - written;
        assertThat(idle).isLessThanOrEqualTo(2L * Arrays.stream(lengths).max().orElseThrow());
        int inBatches = 0;
        for (int i = 0; i < lengths.length; i += 3) {
            inBatches += Math.max(lengths[i], Math.max(lengths[i + 1], lengths[i + 2]));
        }
        assertThat(counting.decoded.size() + 1).isLessThan(inBatches * 4 / 5);
    }

    /// 2048 tokens a pass: six prompts of 300; a prompt that is longer goes alone.
    @Test
    void prompts_areComputedInGroupsOfBoundedSize() {
        var config = new Qwen2Config(64, 32, 48, 2, 4, 2, 4096, 1e-6, 10_000, true);
        var counting = new Counting(TinyModel.decoder(MANAGER, config, TinyModel.weights(MANAGER, config, 4)));
        List<Prompt> prompts = new ArrayList<>(prompts(2100));
        for (int i = 0; i < 8; i++) {
            int first = i;
            prompts.add(new Prompt(
                    IntStream.range(0, 300).map(t -> (first + t) % 64).toArray(), i));
        }
        new Generator(counting, MANAGER, 9).complete(prompts, SamplingOptions.greedy(2));
        assertThat(counting.prefilled).containsExactly("1 x 2100", "6 x 300", "2 x 300");
    }

    /// A model that writes down what it is asked.
    private record Counting(CausalLm model, List<String> caches, List<String> prefilled, List<Long> decoded)
            implements CausalLm {

        Counting(CausalLm model) {
            this(model, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public NDArray hidden(NDArray tokens, AttentionContext context) {
            long rows = tokens.getShape().get(0);
            long width = tokens.getShape().get(1);
            switch (context) {
                case KvCache _ -> decoded.add(rows);
                case PromptCache _ -> prefilled.add(rows + " x " + width);
                default -> throw new AssertionError(context);
            }
            return model.hidden(tokens, context);
        }

        @Override
        public KvCache newCache(NDManager manager, int slots, int capacity) {
            caches.add(slots + " x " + capacity);
            return model.newCache(manager, slots, capacity);
        }

        @Override
        public ForwardPass forward(NDArray tokens, AttentionContext context, boolean recompute) {
            throw new AssertionError("decoding needs no gradients");
        }

        @Override
        public Linear head() {
            return model.head();
        }

        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }
    }
}
