package dev.razor.study.history;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;

/// The file `history.duckdb` of a study's directory: what lies there in CSV, JSON and YAML as four tables.
///
/// ```
/// runs      a row a run: method, trainer, seed, status, seconds, settings
/// points    a row a measured model: points.csv, and the standard errors of its scores
/// metrics   a row a logged training step: metrics.jsonl of every run, a column a metric
/// samples   a row a completion: completions.jsonl and samples.jsonl of every run
/// ```
///
/// The file follows from the others and can be deleted. docs/history.md has the columns and example queries.
public final class History {

    /// Its name in the study's directory.
    public static final String FILE = "history.duckdb";

    /// DuckDB may load no extension and has no folder for temporary files, so that it writes this file and
    /// nothing else, and knows no network.
    private static final Properties SETTINGS = new Properties();

    static {
        SETTINGS.setProperty("autoinstall_known_extensions", "false");
        SETTINGS.setProperty("autoload_known_extensions", "false");
        SETTINGS.setProperty("temp_directory", "");
        SETTINGS.setProperty("memory_limit", "2GB");
        SETTINGS.setProperty("threads", "1");
    }

    /// The oldest form that this DuckDB writes and every DuckDB since 1.0 reads.
    private static final String STORAGE_VERSION = "v1.0.0";

    private History() {}

    /// Writes the file anew from what lies in `runDirectory`, at any time of the study. It appears by rename: who
    /// reads the old one goes on reading it.
    ///
    /// @return the file
    /// @throws DataException if `points.csv` or a state cannot be read, or the file cannot be written
    public static Path write(Path runDirectory) {
        Path file = runDirectory.resolve(FILE);
        Path temporary = runDirectory.resolve(
                ".%s.tmp-%s".formatted(FILE, UUID.randomUUID().toString().substring(0, 8)));
        try {
            try (Connection database = DriverManager.getConnection("jdbc:duckdb:", SETTINGS);
                    Statement statement = database.createStatement()) {
                statement.execute("ATTACH '%s' AS history (STORAGE_VERSION '%s')"
                        .formatted(temporary.toAbsolutePath().toString().replace("'", "''"), STORAGE_VERSION));
                statement.execute("USE history");
                fill(database, runDirectory);
                statement.execute("USE memory");
                statement.execute("DETACH history");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (SQLException e) {
            throw new DataException(
                    "%s: cannot be written: %s; free space, or mend the file that is named".formatted(file, reason(e)),
                    e);
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be written: %s; free space, or choose another place".formatted(file, IoReason.of(e)),
                    e);
        } finally {
            delete(temporary);
            delete(temporary.resolveSibling(temporary.getFileName() + ".wal"));
        }
    }

    private static void fill(Connection database, Path runDirectory) throws SQLException {
        Path csv = runDirectory.resolve("points.csv");
        List<Point> points = Files.exists(csv) ? PointsCsv.read(csv) : List.of();
        List<Path> runs = RunsTable.directories(runDirectory.resolve("runs"));
        database.setAutoCommit(false);
        try (Statement statement = database.createStatement()) {
            RunsTable.write(database, runDirectory, runs, points);
            PointsTable.write(database, runDirectory.resolve("measurements"), points);
            LinesTables.writeMetrics(statement, runs);
            LinesTables.writeSamples(statement, runs);
        }
        database.commit();
        database.setAutoCommit(true);
    }

    private static String reason(SQLException e) {
        return Objects.requireNonNullElse(e.getMessage(), "no reason given")
                .lines()
                .findFirst()
                .orElse("");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
