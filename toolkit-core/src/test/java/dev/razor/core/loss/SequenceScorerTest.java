package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class SequenceScorerTest {

    private static final LoadedGolden GOLDEN = LoadedGolden.frozen("model-a");
    private static final List<TokenSequence> SEQUENCES = sequences();

    private static List<TokenSequence> sequences() {
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            var random = new Random(i);
            int[] prompt = random.ids(1 + random.nextInt(60));
            sequences.add(TokenSequence.of(prompt, random.ids(random.nextInt(20))));
        }
        return sequences;
    }

    /// Token ids of the golden vocabulary, seeded.
    private static final class Random {
        private final java.util.Random random;

        Random(long seed) {
            random = new java.util.Random(seed);
        }

        int nextInt(int bound) {
            return random.nextInt(bound);
        }

        int[] ids(int count) {
            return random.ints(count, 0, 784).toArray();
        }
    }

    @AfterAll
    static void close() {
        GOLDEN.close();
    }

    private static List<TokenLogProbs.Scores> score(int batchSize, List<TokenSequence> sequences) {
        return new SequenceScorer(GOLDEN.model(), GOLDEN.manager(), 1, batchSize).score(sequences, true);
    }

    @Test
    void score_givesTheReferenceLogProbs_inTheOrderOfTheSequences() {
        List<TokenSequence> sequences = new ArrayList<>();
        JsonNode prompts = Golden.json("prompts.json").path("prompts");
        JsonNode expected = Golden.json("logprobs.json").path("logprobs");
        for (JsonNode prompt : prompts) {
            sequences.add(TokenSequence.whole(Golden.ids(prompt.path("ids"))));
        }
        List<TokenLogProbs.Scores> found = score(3, sequences);
        assertThat(found).hasSize(4);
        for (int i = 0; i < 4; i++) {
            float[] reference = toFloats(Golden.doubles(expected.get(i)));
            assertThat(found.get(i).logProbs()).containsExactly(reference, within(1e-4f));
        }
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void score_doesNotDependOnTheNeighboursInTheBatch() {
        List<TokenLogProbs.Scores> alone = score(1, SEQUENCES);
        for (int batchSize : new int[] {2, 5, 64}) {
            List<TokenLogProbs.Scores> together = score(batchSize, SEQUENCES);
            for (int i = 0; i < SEQUENCES.size(); i++) {
                float[] expected = alone.get(i).logProbs();
                float[] found = together.get(i).logProbs();
                assertThat(found).hasSameSizeAs(expected);
                for (int t = 0; t < expected.length; t++) {
                    assertThat(found[t])
                            .as("sequence %d, token %d, batch of %d", i, t, batchSize)
                            .isCloseTo(expected[t], within(1e-5f * Math.max(1, Math.abs(expected[t]))));
                }
                assertThat(together.get(i).greedy())
                        .containsExactly(alone.get(i).greedy());
                assertThat(together.get(i).entropies())
                        .containsExactly(alone.get(i).entropies(), within(1e-4f));
            }
        }
    }

    @Test
    void score_ofASequenceWithoutMarks_isEmpty() {
        TokenSequence unmarked = new TokenSequence(new int[] {1, 2}, new boolean[2]);
        assertThat(score(2, List.of(unmarked)).getFirst().logProbs()).isEmpty();
        assertThat(score(2, List.of(unmarked, TokenSequence.whole(new int[] {1, 2})))
                        .get(1)
                        .logProbs())
                .hasSize(1);
        assertThat(score(2, List.of())).isEmpty();
    }

    @Test
    void score_atATemperature_isTheScoreOfDividedLogits() {
        TokenSequence sequence = TokenSequence.whole(new int[] {5, 17, 300, 42});
        var hot = new SequenceScorer(GOLDEN.model(), GOLDEN.manager(), 1000, 1);
        assertThat(hot.score(List.of(sequence), false).getFirst().logProbs())
                .as("nearly uniform over 784 tokens")
                .containsExactly(
                        new float[] {(float) -Math.log(784), (float) -Math.log(784), (float) -Math.log(784)},
                        within(0.02f));
    }
}
