package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Against numbers that CPython 3.11.7 printed.
class PythonRandomTest {

    @Test
    void bits_areThoseOfGetrandbits() {
        var zero = new PythonRandom(0);
        assertThat(new long[] {zero.bits(32), zero.bits(32), zero.bits(32)})
                .containsExactly(3626764237L, 1654615998L, 3255389356L);
        var fewshot = new PythonRandom(1234);
        assertThat(new long[] {fewshot.bits(32), fewshot.bits(32), fewshot.bits(32), fewshot.bits(7)})
                .containsExactly(4150886329L, 3342196574L, 1892932127L, 14);
        assertThat(new PythonRandom((1L << 32) + 5).bits(32)).isEqualTo(675479763L);
    }

    @Test
    void bits_goOnBeyondTheState() {
        var random = new PythonRandom(1234);
        for (int i = 0; i < 1300; i++) {
            random.bits(32);
        }
        assertThat(random.bits(32)).isEqualTo(2044697403L);
    }

    @Test
    void sample_ofAFewFromAPool_isCPythons() {
        var small = new PythonRandom(1234);
        assertThat(small.sample(10, 3)).containsExactly(7, 1, 0);
        assertThat(small.sample(10, 3)).containsExactly(1, 0, 9);
        assertThat(small.sample(10, 3)).containsExactly(1, 5, 3);
        var atTheBound = new PythonRandom(1234);
        assertThat(atTheBound.sample(21, 5)).containsExactly(14, 3, 0, 2, 1);
        assertThat(atTheBound.sample(21, 5)).containsExactly(2, 3, 11, 7, 0);
        // 7 of 85: the set's bound is 21 + 4^3 = 85
        var larger = new PythonRandom(1234);
        assertThat(larger.sample(85, 7)).containsExactly(56, 14, 0, 11, 74, 4, 10);
        assertThat(larger.sample(85, 7)).containsExactly(12, 45, 30, 2, 3, 81, 44);
        assertThat(new PythonRandom(1234).sample(100, 26))
                .containsExactly(
                        99, 56, 14, 0, 11, 74, 4, 85, 88, 10, 12, 45, 30, 2, 3, 86, 44, 82, 79, 61, 78, 59, 19, 95, 23,
                        97);
    }

    @Test
    void sample_ofAFewFromMany_isCPythons() {
        var fives = new PythonRandom(1234);
        assertThat(fives.sample(1000, 5)).containsExactly(989, 796, 451, 119, 7);
        assertThat(fives.sample(1000, 5)).containsExactly(92, 932, 965, 961, 826);
        assertThat(fives.sample(1000, 5)).containsExactly(596, 35, 687, 709, 85);
        // HellaSwag's train split, ten examples and one in reserve
        var hellaswag = new PythonRandom(1234);
        assertThat(hellaswag.sample(39905, 11))
                .containsExactly(28883, 7657, 490, 5940, 38156, 2288, 5500, 6450, 23241, 15519, 1142);
        assertThat(hellaswag.sample(39905, 11))
                .containsExactly(2019, 1038, 22681, 31735, 30379, 9735, 5982, 11999, 7498, 958, 32970);
        var sixes = new PythonRandom(1234);
        assertThat(sixes.sample(86, 6)).containsExactly(56, 14, 0, 11, 74, 4);
        assertThat(sixes.sample(86, 6)).containsExactly(85, 10, 12, 45, 30, 2);
    }
}
