package dev.razor.cli.doctor;

import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Other programs, asked with a time limit.
final class Programs {

    private Programs() {}

    /// What came of asking a program.
    sealed interface Outcome {

        /// It was ended, for it had not ended in time.
        record Late(int seconds) implements Outcome {}

        /// It did not start.
        record Unstarted(String reason, String remedy) implements Outcome {}
    }

    /// It ended.
    ///
    /// @param exit its exit code; 128 + N where signal N ended it
    record Answer(int exit, String out, String err) implements Outcome {}

    /// Runs `command`.
    static Outcome ask(List<String> command, Map<String, String> environment, int seconds) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
            return new Outcome.Unstarted(
                    "nothing can be written to %s, the folder of temporary files".formatted(temporary),
                    DiskFindings.TEMPORARY_REMEDY + DiskFindings.WRITABLE);
        }
        try {
            Path out = Files.createTempFile("razor-doctor", ".out");
            Path err = Files.createTempFile("razor-doctor", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        // where a program that crashes may leave its traces
                        .directory(temporary.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    return new Outcome.Late(seconds);
                }
                return new Answer(process.exitValue(), text(out), text(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            return new Outcome.Unstarted(IoReason.of(e), "put that right and try again");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.Unstarted("interrupted", "try again");
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }
}
