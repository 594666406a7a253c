package dev.razor.core.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /// What is written and what training says of it: ragged prompts, a shared one split over the three slots'
    /// turns, entries while others are under way. The bound is the same at both temperatures.
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7})
    void complete_recordsTheLogProbabilitiesThatTrainingComputes(double temperature) {
        List<Prompt> many = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            many.add(new Prompt(PROMPTS.get(i * i % 4).ids(), i));
        }
        var options = new SamplingOptions(20, temperature, 1, 0, new int[] {748, 12, 99, 300, 301, 302});
        List<Completion> found = complete(3, many, options);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < many.size(); i++) {
            sequences.add(TokenSequence.of(many.get(i).ids(), found.get(i).ids()));
        }
        List<TokenLogProbs.Scores> expected =
                new SequenceScorer(golden.model(), golden.manager(), temperature, 4).score(sequences, false);
        for (int i = 0; i < many.size(); i++) {
            assertThat(found.get(i).logProbs()).containsExactly(expected.get(i).logProbs(), within(1e-5f));
        }
    }
}
