package dev.razor.study.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.study.points.Point;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MatchedAccuracyTest {

    /// sft reaches 0.9, grpo 0.8: the bar is 0.8. Above it sft has forgotten 0.3 (at 0.9) and 0.25 (at
    /// 0.8), grpo 0.1; grpo's 0.0 at 0.7 is below the bar.
    @Test
    void of_comparesAtTheHighestAccuracyAllReached() {
        MatchedAccuracy matched = MatchedAccuracy.of(List.of(
                        point("base", 0, 0.95, 0),
                        point("sft", 1, 0.7, 0.05),
                        point("sft", 2, 0.8, 0.25),
                        point("sft", 3, 0.9, 0.3),
                        point("grpo", 1, 0.7, 0.0),
                        point("grpo", 2, 0.8, 0.1)))
                .orElseThrow();
        assertThat(matched.threshold()).isEqualTo(0.8);
        assertThat(matched.entries()).extracting(MatchedAccuracy.Entry::method).containsExactly("sft", "grpo");
        assertThat(matched.entries())
                .extracting(entry -> entry.best().forgetting())
                .containsExactly(0.25, 0.1);
        assertThat(matched.entries())
                .extracting(MatchedAccuracy.Entry::candidates)
                .containsExactly(2, 1);
        assertThat(matched.ranked().getFirst().method()).isEqualTo("grpo");
    }

    @Test
    void of_prefersTheMoreAccurateOfTwoEquals_andSkipsTheUnmeasured() {
        MatchedAccuracy matched = MatchedAccuracy.of(List.of(
                        point("sft", 1, 0.8, 0.1),
                        point("sft", 2, 0.9, 0.1),
                        point("sft", 3, 0.99, Double.NaN),
                        point("grpo", 1, 0.5, 0.4)))
                .orElseThrow();
        assertThat(matched.threshold()).isEqualTo(0.5);
        assertThat(matched.entries().getFirst().best().step()).isEqualTo(2);
    }

    @Test
    void of_needsAPoint() {
        assertThat(MatchedAccuracy.of(List.of(point("base", 0, 0.5, 0)))).isEmpty();
    }

    private static Point point(String method, int step, double newAccuracy, double forgetting) {
        return new Point(method, method, step, 0, 1e-3, newAccuracy, 0.5, forgetting, Map.of(), Map.of());
    }
}
