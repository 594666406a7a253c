package dev.razor.eval.kl;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file that is one text.
final class TextFile {

    private TextFile() {}

    /// The text, in UTF-8.
    ///
    /// @throws DataException if it cannot be read
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new DataException("%s: is not UTF-8; convert it".formatted(file), e);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: cannot be read: there is no such file".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }
}
