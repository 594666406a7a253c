package dev.razor.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenBatchTest {

    /// Rows of 4 and 2 tokens, width 4. Marked are 30 and 40 of the first (predicted at places 1 and 2) and 60
    /// of the second (predicted at 4 + 0); the mark on the second's first token predicts nothing.
    @Test
    void of_padsOnTheRight_andFindsThePredictions() {
        TokenBatch batch = TokenBatch.of(List.of(
                TokenSequence.of(new int[] {10, 20}, new int[] {30, 40}), TokenSequence.whole(new int[] {50, 60})));
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.width()).isEqualTo(4);
        assertThat(batch.tokens()).containsExactly(10, 20, 30, 40, 50, 60, 0, 0);
        assertThat(batch.at()).containsExactly(1, 2, 4);
        assertThat(batch.targets()).containsExactly(30, 40, 60);
        assertThat(batch.length()).isEqualTo(6);
        assertThat(batch.predictions()).isEqualTo(3);
    }

    @Test
    void of_takesMarksWithGaps() {
        TokenBatch batch = TokenBatch.of(
                List.of(new TokenSequence(new int[] {1, 2, 3, 4}, new boolean[] {true, false, true, false})));
        assertThat(batch.at()).containsExactly(1);
        assertThat(batch.targets()).containsExactly(3);
    }

    @Test
    void of_nothing_isRefused() {
        assertThatThrownBy(() -> TokenBatch.of(List.of())).hasMessage("a batch needs at least one sequence");
    }

    @Test
    void sequence_countsWhatIsPredicted() {
        assertThat(TokenSequence.of(new int[] {1}, new int[] {2, 3}).predictions())
                .isEqualTo(2);
        assertThat(TokenSequence.of(new int[0], new int[] {2, 3}).predictions()).isEqualTo(1);
        assertThat(TokenSequence.of(new int[] {1}, new int[0]).predictions()).isZero();
        assertThat(TokenSequence.whole(new int[0]).predictions()).isZero();
        assertThat(TokenSequence.of(new int[] {1, 2}, new int[] {3}).marked()).containsExactly(false, false, true);
        assertThatThrownBy(() -> new TokenSequence(new int[2], new boolean[3])).hasMessage("2 tokens with 3 marks");
    }
}
