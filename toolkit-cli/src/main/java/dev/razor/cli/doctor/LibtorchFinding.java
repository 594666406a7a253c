package dev.razor.cli.doctor;

import dev.razor.cli.doctor.LibtorchProbe.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether libtorch is there, of the release that Razor needs, and computes.
///
/// @param answer of the probe; without a version where nothing could be loaded
record LibtorchFinding(Answer answer, Finding finding) {

    private static final String WHAT = "libtorch";
    private static final int SECONDS = 120;
    private static final String REMEDY =
            "unset PYTORCH_LIBRARY_PATH, PYTORCH_VERSION and PYTORCH_FLAVOR, or point them at libtorch 2.7.1";

    /// Asks a new process.
    ///
    /// @param gentle whether the GPUs are left alone
    static LibtorchFinding ask(boolean gentle) {
        Map<String, String> environment = gentle ? Map.of("CUDA_VISIBLE_DEVICES", "") : Map.of();
        return of(Programs.ask(command(), environment, SECONDS));
    }

    /// What is to be said of a probe that ended so, or did not.
    static LibtorchFinding of(Programs.Outcome outcome) {
        return switch (outcome) {
            case Programs.Answer ended -> of(ended);
            case Programs.Outcome.Late(int seconds) ->
                failed("did not load within %d s".formatted(seconds), "look at the load and the disk; try again");
            case Programs.Outcome.Unstarted(String reason, String remedy) ->
                failed("was not looked at, its process did not start: " + reason, remedy);
        };
    }

    private static LibtorchFinding failed(String found, String remedy) {
        return new LibtorchFinding(new Answer("", "", false, 0, ""), Finding.failed(WHAT, found, remedy));
    }

    private static LibtorchFinding of(Programs.Answer ended) {
        Optional<Answer> read = LibtorchProbe.read(ended.out());
        if (read.isEmpty()) {
            String said = ended.err()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((_, last) -> last)
                    .orElse("nothing on stderr");
            String found = "ends the process (exit code %d: %s)".formatted(ended.exit(), said);
            return failed(found, REMEDY);
        }
        Answer answer = read.get();
        return new LibtorchFinding(answer, finding(answer));
    }

    private static Finding finding(Answer answer) {
        if (!answer.problem().isEmpty()) {
            String problem = answer.problem().replaceFirst("^libtorch: ", "");
            return Finding.of(WHAT, Finding.Status.FAILED, problem, REMEDY);
        }
        String build = answer.cuda() ? "a build for CUDA" : "a build without CUDA";
        return Finding.ok(
                WHAT, "%s, %s, computes through its C ABI; %s".formatted(answer.version(), build, answer.folder()));
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-Xmx256m"));
        String jna = System.getProperty("jna.library.path"); // where DJL looks for CUDA's runtime
        if (jna != null) {
            command.add("-Djna.library.path=" + jna);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LibtorchProbe.class.getName()));
        return command;
    }
}
