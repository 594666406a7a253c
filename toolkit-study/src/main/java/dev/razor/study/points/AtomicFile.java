package dev.razor.study.points;

import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Files that are there whole or not at all: written beside their place, then renamed into it.
public final class AtomicFile {

    private AtomicFile() {}

    /// Writes `text` as UTF-8.
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes `bytes`, making the folder if need be and replacing what was there.
    ///
    /// @throws dev.razor.core.base.ConfigException if it cannot be written (no space, no permission)
    public static void write(Path file, byte[] bytes) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(temporary, bytes);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw OutputDirectory.cannotWrite(file.toString(), e);
        }
    }
}
