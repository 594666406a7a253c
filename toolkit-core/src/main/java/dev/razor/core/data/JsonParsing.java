package dev.razor.core.data;

import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Turns the bytes of a file into records; every message names the file and the line.
final class JsonParsing {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final JsonMapper ROWS = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final int LARGEST_ARRAY = 1 << 30;

    private JsonParsing() {}

    /// One line of a JSONL file.
    static JsonRecord line(Path file, int line, byte[] bytes) {
        String text = decode(file, line, bytes);
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            JsonNode value = parser.readValueAsTree();
            if (parser.nextToken() != null) {
                throw new DataException(
                        "%s:%d: something follows the first value; write one JSON object a line".formatted(file, line));
            }
            return record(file, line, value);
        } catch (JacksonException e) {
            throw problem(file, line, e, "write one JSON object a line");
        }
    }

    /// One row of a Parquet file, as DuckDB writes it; what is null is left out.
    static JsonRecord row(Path file, int row, String text) {
        try {
            JsonNode value = ROWS.readTree(text);
            dropNulls(value);
            return record(file, row, value);
        } catch (JacksonException e) {
            throw new DataException(
                    "%s: cannot be read as a record: %s; shorten what it holds"
                            .formatted(JsonRecord.place(file, row), JsonReason.of(e)),
                    e);
        }
    }

    private static void dropNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        value.forEach(JsonParsing::dropNulls);
    }

    /// An array that starts on `line` with the bytes `head` and takes up the rest of the file.
    ///
    /// @return how many records it holds
    static long array(Path file, int line, byte[] head, LineReader rest, Consumer<JsonRecord> action)
            throws IOException {
        String text = decode(file, line, joined(file, head, rest));
        long records = 0;
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int at = line - 1 + parser.currentTokenLocation().getLineNr();
                JsonNode value = parser.readValueAsTree();
                action.accept(record(file, at, value));
                records++;
            }
            if (parser.nextToken() != null) {
                throw new DataException("%s:%d: something follows the array; keep one array, or one object a line"
                        .formatted(
                                file, line - 1 + parser.currentTokenLocation().getLineNr()));
            }
        } catch (JacksonException e) {
            int within = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw problem(file, line - 1 + within, e, "write one array of JSON objects");
        }
        return records;
    }

    private static byte[] joined(Path file, byte[] head, LineReader rest) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] bytes = head; bytes != null; bytes = rest.next()) {
            if (all.size() > 0) {
                all.write('\n');
            }
            if (all.size() > LARGEST_ARRAY - bytes.length) {
                throw new DataException("%s: is one array of more than %d bytes; write one JSON object a line"
                        .formatted(file, LARGEST_ARRAY));
            }
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static JsonRecord record(Path file, int line, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return new JsonRecord(file, line, object);
        }
        throw new DataException("%s:%d: expected a JSON object, got %s".formatted(file, line, JsonRecord.shown(value)));
    }

    private static DataException problem(Path file, int line, JacksonException e, String remedy) {
        String column =
                e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
        return new DataException(
                "%s:%d: not valid JSON%s: %s; %s".formatted(file, line, column, JsonReason.of(e), remedy), e);
    }

    /// Decodes strictly: a malformed byte is a problem of its line, not a replacement character in the training
    /// data.
    private static String decode(Path file, int line, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int at = in.position();
            int lineStart = at;
            while (lineStart > 0 && bytes[lineStart - 1] != '\n') {
                lineStart--;
            }
            int linesBefore = 0;
            for (int i = 0; i < lineStart; i++) {
                linesBefore += bytes[i] == '\n' ? 1 : 0;
            }
            throw new DataException(
                    "%s:%d: not UTF-8, got the byte 0x%02X as byte %d of the line; save the file as UTF-8"
                            .formatted(file, line + linesBefore, bytes[at], at - lineStart + 1));
        }
        return out.flip().toString();
    }
}
