package dev.razor.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Other programs, asked with a time limit.
final class Programs {

    private Programs() {}

    /// What a program did.
    ///
    /// @param exit its exit code; 128 + N where signal N ended it
    record Answer(int exit, String out, String err) {}

    /// Runs `command`; empty where it cannot be started or has not ended in time.
    static Optional<Answer> ask(List<String> command, Map<String, String> environment, int seconds) {
        try {
            Path out = Files.createTempFile("razor-doctor", ".out");
            Path err = Files.createTempFile("razor-doctor", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        // where a program that crashes may leave its traces
                        .directory(Path.of(System.getProperty("java.io.tmpdir")).toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    return Optional.empty();
                }
                return Optional.of(new Answer(process.exitValue(), text(out), text(err)));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }
}
