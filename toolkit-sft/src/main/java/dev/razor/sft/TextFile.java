package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Documents for pre-training: the `text` of JSONL or Parquet records, or the non-empty lines of any other file.
public final class TextFile {

    private TextFile() {}

    /// The documents of `file`.
    ///
    /// @throws DataException if the file cannot be read or holds no document
    public static List<String> read(Path file) {
        if (file.getFileName().toString().matches(".*\\.(jsonl?(\\.gz)?|parquet)")) {
            return DataFiles.map(file, TextFile::text);
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (CharacterCodingException e) {
            throw new DataException("%s: is not valid UTF-8; convert it".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        if (lines.isEmpty()) {
            throw new DataException("%s: holds no text; give a file with a document a line".formatted(file));
        }
        return lines;
    }

    private static String text(JsonRecord record) {
        String text = record.text("text");
        if (text.isEmpty()) {
            throw record.problem("text", "is empty; remove the record");
        }
        return text;
    }
}
