package dev.razor.core.data;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads files of JSON objects: one object a line (JSONL), or one array of objects; `.gz` is unpacked on the way.
///
/// Which of the two forms a file has is seen from its first character. JSONL is read line by line, so a file
/// may be larger than the memory; an array is held as a whole. Nothing is repaired: bytes that are not UTF-8,
/// JSON that is not valid, a key that stands twice in an object and a file without any record are errors with
/// the line's number. A byte order mark and empty lines are passed over.
public final class Jsonl {

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private Jsonl() {}

    /// All records of a file, in its order.
    ///
    /// @throws DataException if the file cannot be read or used; the message names the line
    public static List<JsonRecord> read(Path file) {
        List<JsonRecord> records = new ArrayList<>();
        forEach(file, records::add);
        return List.copyOf(records);
    }

    /// Hands the records of a file to `action` one after the other, in its order.
    ///
    /// @throws DataException if the file cannot be read or used; the message names the line
    public static void forEach(Path file, Consumer<JsonRecord> action) {
        if (Files.isDirectory(file)) {
            throw new DataException("%s: is a directory; give a file in it".formatted(file));
        }
        int line = 0;
        long records = 0;
        try (InputStream in = open(file)) {
            LineReader lines = new LineReader(in);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                line++;
                byte[] text = line == 1 ? withoutMark(bytes) : bytes;
                int first = firstVisible(text);
                if (first < text.length && text[first] == '[' && records == 0) {
                    records = JsonParsing.array(file, line, text, lines, action);
                } else if (first < text.length) {
                    action.accept(JsonParsing.line(file, line, text));
                    records++;
                }
            }
        } catch (EOFException e) {
            throw new DataException(
                    "%s:%d: the compressed data ends early; fetch the file again".formatted(file, line + 1), e);
        } catch (ZipException e) {
            throw new DataException(
                    "%s:%d: the compressed data is damaged or not gzip (%s); fetch the file again"
                            .formatted(file, line + 1, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
        if (records == 0) {
            throw new DataException("%s: holds no records; write one JSON object a line".formatted(file));
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        if (!file.toString().endsWith(".gz")) {
            return in;
        }
        try {
            return new GZIPInputStream(in, 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static byte[] withoutMark(byte[] line) {
        boolean marked = line.length >= 3 && line[0] == MARK[0] && line[1] == MARK[1] && line[2] == MARK[2];
        return marked ? Arrays.copyOfRange(line, 3, line.length) : line;
    }

    private static int firstVisible(byte[] line) {
        int i = 0;
        while (i < line.length && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')) {
            i++;
        }
        return i;
    }
}
