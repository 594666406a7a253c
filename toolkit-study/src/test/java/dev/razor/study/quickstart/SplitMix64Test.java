package dev.razor.study.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {

    /// The values that the reference C program of the algorithm prints for the seed 1234567.
    @Test
    void nextLong_equalsTheReferenceProgram() {
        SplitMix64 draw = new SplitMix64(1234567);
        assertThat(List.of(
                        Long.toUnsignedString(draw.nextLong()),
                        Long.toUnsignedString(draw.nextLong()),
                        Long.toUnsignedString(draw.nextLong())))
                .containsExactly("6457827717110365317", "3203168211198807973", "9817491932198370423");
    }

    /// The first draw for the seed 1234567 is 6457827717110365317 / 2^64 = 0.350..., so `[0, 10)` gives 3.
    @Test
    void nextInt_isTheScaledDraw() {
        assertThat(new SplitMix64(1234567).nextInt(10)).isEqualTo(3);
    }

    @Test
    void nextInt_isUniform() {
        SplitMix64 draw = new SplitMix64(1);
        int[] counts = new int[5];
        for (int i = 0; i < 50_000; i++) {
            counts[draw.nextInt(5)]++;
        }
        assertThat(IntStream.of(counts).boxed().toList()).allMatch(count -> Math.abs(count - 10_000) < 400);
    }

    @Test
    void chance_hitsItsShare() {
        SplitMix64 draw = new SplitMix64(2);
        long hits = IntStream.range(0, 50_000).filter(_ -> draw.chance(0.3)).count();
        assertThat(hits).isBetween(14_500L, 15_500L);
    }

    @Test
    void shuffled_keepsTheElements() {
        List<Integer> elements = IntStream.range(0, 100).boxed().toList();
        assertThat(new SplitMix64(3).shuffled(elements))
                .isNotEqualTo(elements)
                .containsExactlyInAnyOrderElementsOf(elements);
    }

    @Test
    void named_givesEachNameItsOwnDraws() {
        assertThat(SplitMix64.named(1, "a").nextLong())
                .isEqualTo(SplitMix64.named(1, "a").nextLong())
                .isNotEqualTo(SplitMix64.named(1, "b").nextLong())
                .isNotEqualTo(SplitMix64.named(2, "a").nextLong());
    }

    @Test
    void nextInt_refusesAnEmptyRange() {
        assertThatThrownBy(() -> new SplitMix64(1).nextInt(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bound must be positive, got 0");
    }
}
