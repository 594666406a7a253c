package dev.razor.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.cli.doctor.Finding.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LibtorchFindingTest {

    private static Finding of(int exit, String out, String err) {
        return LibtorchFinding.of(new Programs.Answer(exit, out, err)).finding();
    }

    @Test
    void thisMachinesLibtorch_computes() {
        LibtorchFinding asked = LibtorchFinding.ask(true);

        assertThat(asked.finding().status()).as(asked.finding().toString()).isEqualTo(Status.OK);
        assertThat(asked.answer().version()).isEqualTo("2.7.1");
    }

    @Test
    void aLibraryThatEndsTheProcess_isAFailureWithItsLastWords() {
        Finding finding = of(134, "", "# A fatal error\nfree(): invalid pointer\n");

        assertThat(finding.status()).isEqualTo(Status.FAILED);
        assertThat(finding.found()).isEqualTo("ends the process (exit code 134: free(): invalid pointer)");
        assertThat(finding.remedy()).contains("PYTORCH_LIBRARY_PATH");
    }

    @Test
    void anotherRelease_isToldWithItsOwnRemedy() {
        Finding finding = of(0, """
                some library's chatter
                {"version":"2.5.1","folder":"/x","cuda":false,"devices":0,"problem":"libtorch: version 2.5.1 was loaded, Razor needs 2.7.1; unset PYTORCH_LIBRARY_PATH"}
                """, "");

        assertThat(finding)
                .isEqualTo(Finding.failed(
                        "libtorch", "version 2.5.1 was loaded, Razor needs 2.7.1", "unset PYTORCH_LIBRARY_PATH"));
    }

    @Test
    void noLibrary_isAFailure() {
        assertThat(of(0, "{\"problem\":\"Failed to load PyTorch native library\"}", "")
                        .status())
                .isEqualTo(Status.FAILED);
        assertThat(LibtorchFinding.of(new Programs.Outcome.Late(120)).finding().found())
                .isEqualTo("did not load within 120 s");
    }

    @Test
    void aProcessThatDoesNotStart_isNoSlowOne() {
        Programs.Outcome outcome = Programs.ask(List.of("/nonexistent/java"), Map.of(), 1);

        assertThat(LibtorchFinding.of(outcome).finding().found())
                .startsWith("was not looked at, its process did not start: ")
                .contains("/nonexistent/java");
    }

    @Test
    void halfALine_isNoAnswer() {
        assertThat(of(0, "{\"version\":\"2.7", "").found()).startsWith("ends the process (exit code 0");
    }
}
