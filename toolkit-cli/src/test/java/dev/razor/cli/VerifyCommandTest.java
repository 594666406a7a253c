package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyCommandTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Razor.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /// The law of the whole toolkit: every golden number that Razor ships, each within the directory's tolerance.
    @Test
    void shippedNumbers_allHold() {
        assertThat(run("verify", "--device", "cpu")).as(out.toString()).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains(" 0 failed").doesNotContain("FAILED", "reported");
        assertThat(out.toString().lines().filter(line -> line.startsWith("grpo.")))
                .hasSizeGreaterThan(20)
                .allMatch(line -> line.matches("\\S+ +\\S+ +\\S+  ok"));
    }

    @Test
    void directoryThatIsNone_isOneLineAndExitCode1() {
        assertThat(run("verify", directory.resolve("absent").toString())).isEqualTo(ExitCode.USER_ERROR);
        assertThat(err.toString().lines()).singleElement().asString().contains("there is no such directory");
        assertThat(run("verify", directory.toString())).isEqualTo(ExitCode.USER_ERROR);
        assertThat(err.toString()).contains("has no folder golden");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void unknownDtype_isNamed() {
        assertThat(run("verify", "--dtype", "float8")).isEqualTo(ExitCode.USER_ERROR);
        assertThat(err.toString()).contains("expected float32 or bfloat16, got float8");
    }
}
