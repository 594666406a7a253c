package dev.razor.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ToldOnceTest {

    @Test
    void of_isOneLine_andNothingUntilTheFilesOrTheProblemsChange() {
        ToldOnce told = new ToldOnce();
        assertThat(told.of("1", List.of("a:1: b", "a:2: b", "a:3: b"))).contains("a:1: b (and 2 more problems)");
        assertThat(told.of("1", List.of("a:1: b", "a:2: b", "a:3: b"))).isEmpty();
        assertThat(told.of("1", List.of("a:1: b"))).contains("a:1: b");
        assertThat(told.of("1", List.of("a:1: b"))).isEmpty();
        assertThat(told.of("2", List.of("a:1: b"))).contains("a:1: b");
    }
}
