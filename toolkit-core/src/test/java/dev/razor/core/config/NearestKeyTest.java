package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestKeyTest {

    @Test
    void distance_countsEdits() {
        // kitten -> sitten -> sittin -> sitting
        assertThat(NearestKey.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestKey.distance("", "abc")).isEqualTo(3);
        assertThat(NearestKey.distance("abc", "abc")).isZero();
    }

    @Test
    void distance_isSymmetric() {
        List<String> words = List.of("seed", "steps", "top_k", "top_p", "beta");
        for (String a : words) {
            for (String b : words) {
                assertThat(NearestKey.distance(a, b)).isEqualTo(NearestKey.distance(b, a));
            }
        }
    }

    @Test
    void of_suggestsOnlyWhatIsNear() {
        List<String> keys = List.of("max_steps", "warmup_steps", "seed", "per_device_train_batch_size");
        assertThat(NearestKey.of("maxSteps", keys)).isEqualTo("max_steps");
        assertThat(NearestKey.of("max-step", keys)).isEqualTo("max_steps");
        assertThat(NearestKey.of("sed", keys)).isEqualTo("seed");
        assertThat(NearestKey.of("steps", keys)).isEqualTo("max_steps");
        assertThat(NearestKey.of("batch_size", keys)).isEqualTo("per_device_train_batch_size");
        assertThat(NearestKey.of("lr", keys)).isNull();
        assertThat(NearestKey.of("epsilon", keys)).isNull();
    }
}
