package dev.razor.eval.results;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes files of results so that each appears complete or not at all.
final class ResultFiles {

    private ResultFiles() {}

    /// Writes `text` as UTF-8 in place of what was there; the folder is made where it is missing.
    ///
    /// @throws ConfigException if it cannot be written
    static void replace(Path file, String text) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try {
                Files.writeString(unfinished, text);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw new ConfigException(
                    "output: cannot write %s: %s; free space or choose another place".formatted(file, IoReason.of(e)),
                    e);
        }
    }
}
