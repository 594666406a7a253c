package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class TerminalProgressTest {

    private final StringWriter text = new StringWriter();
    private final TerminalProgress progress = new TerminalProgress(new PrintWriter(text));

    @Test
    void updatesInOneInstant_areOneLineAndTheLast() {
        for (int done = 1; done <= 100; done++) {
            progress.update("step", done, 100, "");
        }
        assertThat(text.toString().lines()).containsExactly("step 1/100", "step 100/100");
    }

    @Test
    void whereNothingIsDone_noTimeIsTold() {
        progress.update("small-base", 0, 3528, "kB");
        progress.update("small-base", 3528, 3528, "kB");
        assertThat(text.toString().lines()).containsExactly("small-base 0/3528  kB", "small-base 3528/3528  kB");
    }

    @Test
    void withoutATotal_thereIsNoLast() {
        for (int done = 1; done <= 100; done++) {
            progress.update("thing", done, 0, "kB");
        }
        assertThat(text.toString().lines()).containsExactly("thing 1  kB");
    }
}
