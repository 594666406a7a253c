package dev.razor.eval.generative;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Expected numbers are those of CPython 3.11's `random.Random(1234)`.
class PythonRandomTest {

    private static List<Integer> range(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    @Test
    void bits_areThoseOfCpython() {
        PythonRandom random = new PythonRandom(1234);
        assertThat(IntStream.range(0, 5).mapToObj(_ -> Integer.toUnsignedLong(random.bits())))
                .containsExactly(4150886329L, 3342196574L, 1892932127L, 501869158L, 32175636L);
    }

    @Test
    void sample_isThatOfCpython_oneAfterTheOther() {
        PythonRandom random = new PythonRandom(1234);
        assertThat(random.sample(range(1000), 5)).containsExactly(989, 796, 451, 119, 7);
        assertThat(random.sample(range(1000), 5)).containsExactly(92, 932, 965, 961, 826);
        assertThat(random.sample(range(1000), 5)).containsExactly(596, 35, 687, 709, 85);
        // From a small population another way of drawing is taken.
        assertThat(random.sample(range(20), 6)).containsExactly(3, 11, 7, 0, 16, 12);
        assertThat(random.sample(range(277), 10)).containsExactly(8, 177, 247, 237, 76, 46, 93, 58, 7, 257);
        assertThat(random.sample(range(276), 10)).containsExactly(249, 127, 33, 238, 35, 45, 263, 23, 138, 32);
        assertThat(random.sample(range(7473), 5)).containsExactly(5280, 2477, 3940, 6964, 2910);
    }
}
