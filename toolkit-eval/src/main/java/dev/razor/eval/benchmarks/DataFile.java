package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.run.JsonReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A file of records: JSON lines, a JSON list, or comma-separated values with a header, any of them gzipped; or
/// Parquet.
record DataFile(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int MOST_PROBLEMS = 20;

    /// Whether a file's name is that of a format read here.
    static boolean isSupported(Path path) {
        return path.getFileName().toString().matches(".*\\.((jsonl|json|csv)(\\.gz)?|parquet)");
    }

    private boolean isParquet() {
        return path.getFileName().toString().endsWith(".parquet");
    }

    boolean isCsv() {
        return path.getFileName().toString().matches(".*\\.csv(\\.gz)?");
    }

    /// `convert` applied to each record. What it complains about is collected over the whole file.
    <T> List<T> read(Function<DataRecord, T> convert) {
        FilesRead.add(path);
        var results = new ArrayList<T>();
        var problems = new ArrayList<String>();
        for (DataRecord each : records()) {
            try {
                results.add(convert.apply(each));
            } catch (DataException e) {
                problems.addAll(e.problems());
            }
        }
        if (problems.size() > MOST_PROBLEMS) {
            int more = problems.size() - MOST_PROBLEMS;
            problems.subList(MOST_PROBLEMS, problems.size()).clear();
            problems.add("%s: %d more problems like these".formatted(path, more));
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        if (results.isEmpty()) {
            throw new DataException("%s: holds no records, got an empty file; download it again".formatted(path));
        }
        return results;
    }

    /// The first record, or null where the file is empty.
    @Nullable
    DataRecord first() {
        if (isCsv()) {
            List<DataRecord> records = csvRecords();
            return records.isEmpty() ? null : records.getFirst();
        }
        if (isParquet()) {
            return firstRow();
        }
        // Read as a stream: the file may be a large one that has nothing to do with benchmarks.
        try (Reader reader = open();
                JsonParser parser = JSON.createParser(reader)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                token = parser.nextToken();
            }
            return token == JsonToken.START_OBJECT ? new DataRecord(path + ":1", JSON.readTree(parser)) : null;
        } catch (JacksonException e) {
            throw notJson(path.toString(), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Ends the reading of a Parquet file at its first row.
    private static final class Found extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient DataRecord row;

        Found(DataRecord row) {
            super(null, null, false, false);
            this.row = row;
        }
    }

    private @Nullable DataRecord firstRow() {
        try {
            DataFiles.forEach(path, record -> {
                throw new Found(new DataRecord(record.place(), record.node()));
            });
            return null;
        } catch (Found found) {
            return found.row;
        }
    }

    /// The rows of a file without a header.
    List<Csv.Row> rows() {
        return Csv.rows(path.toString(), text());
    }

    private List<DataRecord> records() {
        if (isCsv()) {
            return csvRecords();
        }
        if (isParquet()) {
            return DataFiles.read(path).stream()
                    .map(record -> new DataRecord(record.place(), record.node()))
                    .toList();
        }
        String text = text();
        return text.stripLeading().startsWith("[") ? listRecords(text) : lineRecords(text);
    }

    private List<DataRecord> csvRecords() {
        List<Csv.Row> rows = rows();
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> header = rows.getFirst().cells();
        var records = new ArrayList<DataRecord>();
        for (Csv.Row row : rows.subList(1, rows.size())) {
            ObjectNode fields = JSON.createObjectNode();
            for (int i = 0; i < Math.min(header.size(), row.cells().size()); i++) {
                fields.put(header.get(i), row.cells().get(i));
            }
            records.add(new DataRecord(path + ":" + row.line(), fields));
        }
        return records;
    }

    private List<DataRecord> listRecords(String text) {
        var records = new ArrayList<DataRecord>();
        try {
            for (JsonNode element : JSON.readTree(text)) {
                records.add(new DataRecord("%s: record %d".formatted(path, records.size() + 1), element));
            }
        } catch (JacksonException e) {
            throw notJson(path.toString(), e);
        }
        return records;
    }

    private List<DataRecord> lineRecords(String text) {
        var records = new ArrayList<DataRecord>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isBlank()) {
                continue;
            }
            String where = path + ":" + (i + 1);
            try {
                JsonNode fields = JSON.readTree(lines[i]);
                if (!fields.isObject()) {
                    throw new DataException("%s: must be an object, got %s; correct the line"
                            .formatted(where, DataRecord.shown(fields)));
                }
                records.add(new DataRecord(where, fields));
            } catch (JacksonException e) {
                throw notJson(where, e);
            }
        }
        return records;
    }

    private String text() {
        try (Reader reader = open()) {
            return reader.readAllAsString();
        } catch (CharacterCodingException e) {
            throw new DataException("%s: must be UTF-8, got other bytes; convert it".formatted(path), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Reader open() throws IOException {
        InputStream bytes = Files.newInputStream(path);
        try {
            InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
            // A decoder object reports malformed input; a character set by name would replace it silently.
            return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private DataException unreadable(IOException e) {
        return new DataException("%s: cannot be read, got %s; download it again".formatted(path, e), e);
    }

    private static DataException notJson(String where, JacksonException e) {
        return new DataException(
                "%s: must be JSON, got %s; the file may be cut off".formatted(where, JsonReason.of(e)), e);
    }
}
