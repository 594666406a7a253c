package dev.razor.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.KvCache;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class GeneratorTest {

    private static final LoadedGolden golden = LoadedGolden.frozen("model-a");
    private static final List<Prompt> PROMPTS = new ArrayList<>();

    @BeforeAll
    static void readPrompts() {
        for (JsonNode prompt : Golden.json("prompts.json").path("prompts")) {
            PROMPTS.add(new Prompt(Golden.ids(prompt.path("ids")), 100 + PROMPTS.size()));
        }
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    private static List<Completion> complete(int batchSize, List<Prompt> prompts, SamplingOptions options) {
        return new Generator(golden.model(), golden.manager(), batchSize).complete(prompts, options);
    }

    @Test
    void complete_greedily_givesTheReferenceTokens_inOneBatchOfUnequalPrompts() {
        List<Completion> found = complete(4, PROMPTS, SamplingOptions.greedy(24));
        JsonNode expected = Golden.json("greedy.json").path("continuations");
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).ids())
                    .containsExactly(Golden.ids(expected.get(i).path("ids")));
            double[] logProbs = Golden.doubles(expected.get(i).path("logprobs"));
            for (int t = 0; t < logProbs.length; t++) {
                assertThat((double) found.get(i).logProbs()[t]).isCloseTo(logProbs[t], within(1e-4));
            }
        }
    }

    /// The cache is checked at every step against a forward pass over the whole sequence.
    @Test
    void cache_givesTheLogitsOfAForwardPassWithoutIt() {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off();
                KvCache cache = golden.model().newCache(golden.manager(), 2, 40)) {
            int[][] rows = {
                IntStream.range(1, 31).toArray(), IntStream.range(200, 218).toArray()
            };
            // 20 and 8 tokens at once, then ten more one by one.
            long[] first = new long[40];
            for (int b = 0; b < 2; b++) {
                for (int t = 0; t < (b == 0 ? 20 : 8); t++) {
                    first[b * 20 + t] = rows[b][t];
                }
            }
            cache.beginStep(new int[] {20, 8}, 20);
            golden.model().hidden(golden.manager().create(first, new Shape(2, 20)), cache);
            cache.finishStep(new int[] {20, 8});
            for (int step = 0; step < 10; step++) {
                cache.beginStep(new int[] {1, 1}, 1);
                long[] next = {rows[0][20 + step], rows[1][8 + step]};
                NDArray hidden = golden.model().hidden(golden.manager().create(next, new Shape(2, 1)), cache);
                cache.finishStep(new int[] {1, 1});
                for (int b = 0; b < 2; b++) {
                    float[] cached = golden.model().head().apply(hidden.get(b)).toFloatArray();
                    assertThat(cached)
                            .containsExactly(lastLogits(Arrays.copyOf(rows[b], cache.length(b))), within(2e-5f));
                }
            }
        }
    }

    private static float[] lastLogits(int[] ids) {
        long[] tokens = Arrays.stream(ids).asLongStream().toArray();
        NDArray hidden = golden.model()
                .hidden(golden.manager().create(tokens, new Shape(1, ids.length)), new AttentionContext.Causal());
        return golden.model().head().apply(hidden.get(0).get(ids.length - 1)).toFloatArray();
    }

    @Test
    void complete_sampled_doesNotDependOnTheBatch() {
        List<Prompt> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            many.add(new Prompt(PROMPTS.get(i % 4).ids(), i));
        }
        var options = new SamplingOptions(16, 0.9, 0.95, 50, new int[] {748});
        List<Completion> together = complete(12, many, options);
        List<Completion> alone = complete(1, many, options);
        for (int i = 0; i < many.size(); i++) {
            assertThat(together.get(i).ids())
                    .as("sequence %d", i)
                    .containsExactly(alone.get(i).ids());
            assertThat(together.get(i).logProbs()).containsExactly(alone.get(i).logProbs(), within(1e-5f));
        }
    }

    @Test
    void complete_withOneSeed_repeats_andWithAnotherDiffers() {
        var options = SamplingOptions.untruncated(20);
        List<Prompt> seeds = IntStream.of(1, 1, 2)
                .mapToObj(seed -> new Prompt(PROMPTS.getFirst().ids(), seed))
                .toList();
        List<Completion> found = complete(3, seeds, options);
        assertThat(found.get(0).ids()).containsExactly(found.get(1).ids());
        assertThat(found.get(0).ids()).isNotEqualTo(found.get(2).ids());
    }

    @Test
    void complete_stopsAtAStopToken_andCountsIt() {
        int[] greedy = complete(1, PROMPTS.subList(0, 1), SamplingOptions.greedy(24))
                .getFirst()
                .ids();
        int stop = greedy[5];
        int first = IntStream.range(0, greedy.length)
                .filter(t -> greedy[t] == stop)
                .findFirst()
                .orElseThrow();
        Completion found =
                complete(4, PROMPTS, SamplingOptions.greedy(24, stop)).getFirst();
        assertThat(found.ids()).containsExactly(Arrays.copyOf(greedy, first + 1));
        assertThat(found.stopped()).isTrue();
    }

    @Test
    void complete_withTopKOne_isGreedy() {
        var options = new SamplingOptions(10, 1.3, 1, 1, new int[0]);
        assertThat(complete(4, PROMPTS, options).stream().map(Completion::ids).toList())
                .usingRecursiveComparison()
                .isEqualTo(complete(4, PROMPTS, SamplingOptions.greedy(10)).stream()
                        .map(Completion::ids)
                        .toList());
    }
}
