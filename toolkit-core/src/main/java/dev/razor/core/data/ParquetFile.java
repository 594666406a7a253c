package dev.razor.core.data;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;

/// Reads Parquet files as the JSON objects that the same data would be in JSONL, through DuckDB.
///
/// Nested columns become lists and objects. Every row of a Parquet file has every column, so that a null stands
/// for a field that the record does not have: nulls are left out, in nested objects too, as TRL does.
///
/// DuckDB hands its rows over as they are read, one row group in memory at a time. It has no folder for
/// temporary files and may load no extension, so that it writes nothing and knows no network.
final class ParquetFile {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private static final Map<String, String> SETTINGS = Map.of(
            "autoinstall_known_extensions", "false",
            "autoload_known_extensions", "false",
            "temp_directory", "",
            "memory_limit", "2GB",
            "threads", "1");

    /// What a row is called must be the name of no column, or the column would be meant.
    private static final String ROW = "CAST(to_json(razor_whole_row) AS VARCHAR)";

    private static final String FROM = " FROM read_parquet(?, hive_partitioning = false) AS razor_whole_row";

    private ParquetFile() {}

    /// Hands the rows of a file to `action` one after the other, in its order.
    ///
    /// @throws DataException if the file cannot be read or used; the message names the row where it can
    static void forEach(Path file, Consumer<JsonRecord> action) {
        requireParquet(file);
        int row = 0;
        try (Connection database = open(true);
                PreparedStatement query = query(database, "SELECT " + ROW + FROM, file);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                row++;
                action.accept(JsonParsing.row(file, row, Objects.requireNonNull(rows.getString(1))));
            }
        } catch (SQLException e) {
            throw new DataException(
                    "%s: cannot be read after row %d: %s; write or fetch the file again"
                            .formatted(file, row, reason(file, e)),
                    e);
        }
        if (row == 0) {
            throw new DataException("%s: holds no records; give a file with rows".formatted(file));
        }
    }

    private static Connection open(boolean rowByRow) throws SQLException {
        Properties settings = new Properties();
        settings.putAll(SETTINGS);
        settings.setProperty("jdbc_stream_results", String.valueOf(rowByRow));
        Connection database = DriverManager.getConnection("jdbc:duckdb:", settings);
        try (Statement statement = database.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'"); // the same text of a moment on every machine
            return database;
        } catch (SQLException e) {
            database.close();
            throw e;
        }
    }

    private static PreparedStatement query(Connection database, String sql, Path file) throws SQLException {
        PreparedStatement query = database.prepareStatement(sql);
        // An absolute path is never taken for an address; what DuckDB would read as a pattern stands for itself.
        query.setString(1, file.toAbsolutePath().toString().replaceAll("[*?\\[]", "[$0]"));
        return query;
    }

    /// What is wrong, in DuckDB's words. Rows that are handed over as they are read lose the reason why they end,
    /// so that the file is gone through once more.
    private static String reason(Path file, SQLException first) {
        try (Connection database = open(false);
                PreparedStatement query = query(database, "SELECT max(length(" + ROW + "))" + FROM, file);
                ResultSet rows = query.executeQuery()) {
            rows.next();
            return line(first);
        } catch (SQLException e) {
            return line(e);
        }
    }

    private static String line(SQLException e) {
        return Objects.requireNonNullElse(e.getMessage(), "no reason given")
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^[A-Za-z ]*Error: ", "");
    }

    /// Sees that the file can be read, and begins and ends as Parquet does.
    private static void requireParquet(Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException("%s: is a directory; give a file in it".formatted(file));
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            if (size == 0) {
                throw new DataException("%s: is empty; fetch the file again".formatted(file));
            }
            if (!Arrays.equals(bytes(channel, 0), MAGIC)) {
                throw new DataException(
                        "%s: is not Parquet, it does not begin with PAR1; name it after its form".formatted(file));
            }
            if (size < 3L * MAGIC.length || !Arrays.equals(bytes(channel, size - MAGIC.length), MAGIC)) {
                throw new DataException("%s: is cut short, after %d bytes there is no PAR1; fetch the file again"
                        .formatted(file, size));
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
    }

    private static byte[] bytes(SeekableByteChannel channel, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAGIC.length);
        channel.position(at);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        return bytes.array();
    }
}
