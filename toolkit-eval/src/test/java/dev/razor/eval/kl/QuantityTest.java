package dev.razor.eval.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.kl.KlSequence;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantityTest {

    private static SequenceDivergence of(int prompt, double forwardKl, int tokens) {
        var sequence = new KlSequence(prompt, new int[1], new int[tokens], false);
        return new SequenceDivergence(sequence, forwardKl, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// Prompt A has d = 1, 3 over 1 and 2 tokens, prompt B has d = 2 over 5 tokens: 6 / 3 and 6 / 8. Of the
    /// resamples AA, AB, BA, BB each comes up a quarter of the time, so that the percentiles are the extremes:
    /// per token BB = 2 / 5 and AA = 4 / 3, per sequence AA = 4 / 2 and BB = 2 / 1. Were sequences resampled on
    /// their own, the upper end would be 3 / 2, that of the second one alone.
    @Test
    void of_resamplesPromptsWithAllTheirSequences() {
        Quantity found = Quantity.of(List.of(of(0, 1, 1), of(1, 2, 5), of(0, 3, 2)), SequenceDivergence::forwardKl, 7);
        assertThat(found.perSequence().mean()).isEqualTo(2);
        assertThat(found.perToken().mean()).isEqualTo(0.75);
        assertThat(found.perToken().ci95().low()).isCloseTo(0.4, within(1e-12));
        assertThat(found.perToken().ci95().high()).isCloseTo(4.0 / 3, within(1e-12));
        assertThat(found.perSequence().ci95().low()).isCloseTo(2, within(1e-12));
        assertThat(found.perSequence().ci95().high()).isCloseTo(2, within(1e-12));
    }

    @Test
    void of_onePrompt_hasNoInterval() {
        Quantity found = Quantity.of(List.of(of(0, 1, 1), of(0, 3, 2)), SequenceDivergence::forwardKl, 7);
        assertThat(found.perSequence().mean()).isEqualTo(2);
        assertThat(found.perSequence().ci95().isDefined()).isFalse();
    }

    @Test
    void of_isAFunctionOfTheSeed() {
        List<SequenceDivergence> many = IntStream.range(0, 20)
                .mapToObj(i -> of(i, i * i % 7, 1 + i % 3))
                .toList();
        Quantity first = Quantity.of(many, SequenceDivergence::forwardKl, 1);
        assertThat(Quantity.of(many, SequenceDivergence::forwardKl, 1)).isEqualTo(first);
        assertThat(Quantity.of(many, SequenceDivergence::forwardKl, 2)).isNotEqualTo(first);
    }
}
