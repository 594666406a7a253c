package dev.razor.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// Parquet files for tests, written by DuckDB.
public final class ParquetFiles {

    private ParquetFiles() {}

    /// Writes the rows of a query, uncompressed, so that a test can find them in the bytes.
    public static Path write(Path file, String query) {
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION uncompressed)"
                    .formatted(query, file.toString().replace("'", "''")));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return file;
    }

    /// Writes the records of a JSONL file, nested ones as DuckDB infers them.
    public static Path ofJson(Path file, String... lines) {
        try {
            Path json = Files.writeString(file.resolveSibling("rows.jsonl"), String.join("\n", lines));
            write(
                    file,
                    "SELECT * FROM read_json('%s', format = 'newline_delimited')"
                            .formatted(json.toString().replace("'", "''")));
            Files.delete(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
