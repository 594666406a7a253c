package dev.razor.study.history;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The tables `metrics` and `samples`, which DuckDB reads from the runs' JSON lines itself. A last line that is
/// still being written is left out.
final class LinesTables {

    /// The run is the folder that the file lies in.
    private static final String RUN = "list_extract(string_split(filename, '/'), -2)";

    private static final String SAMPLES = """
            CREATE TABLE samples (run VARCHAR, step BIGINT, source VARCHAR, prompt VARCHAR, completion VARCHAR,
                tokens BIGINT, finish_reason VARCHAR, reward DOUBLE, rewards JSON, reward_failure VARCHAR,
                penalty DOUBLE, advantage DOUBLE)""";

    private LinesTables() {}

    /// `run`, `step`, and every metric that some run has logged.
    static void writeMetrics(Statement statement, List<Path> runs) throws SQLException {
        List<Path> files = files(runs, "metrics.jsonl");
        if (files.isEmpty()) {
            statement.execute("CREATE TABLE metrics (run VARCHAR, step BIGINT)");
            return;
        }
        statement.execute("""
                CREATE TABLE metrics AS SELECT %s AS run, * EXCLUDE (filename) FROM read_json(%s,
                    format = 'newline_delimited', union_by_name = true, sample_size = -1, ignore_errors = true,
                    filename = true) WHERE step IS NOT NULL""".formatted(RUN, list(files)));
        // what was null in every line has no type yet; metrics are numbers
        for (String column : columnsWithoutType(statement)) {
            statement.execute("ALTER TABLE metrics ALTER COLUMN \"%s\" TYPE DOUBLE".formatted(column));
        }
    }

    private static List<String> columnsWithoutType(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("""
                SELECT column_name FROM duckdb_columns()
                    WHERE table_name = 'metrics' AND data_type IN ('JSON', '"NULL"')""")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /// What GRPO was trained on (source `training`), and what a run answered to its `sample_prompts` (source
    /// `sample_prompts`).
    static void writeSamples(Statement statement, List<Path> runs) throws SQLException {
        statement.execute(SAMPLES);
        List<Path> completions = files(runs, "completions.jsonl");
        if (!completions.isEmpty()) {
            statement.execute("""
                    INSERT INTO samples SELECT %s, step, 'training', prompt, completion, len(tokens), finish_reason,
                        reward, rewards, reward_failure, penalty, advantage FROM read_json(%s,
                        format = 'newline_delimited', ignore_errors = true, filename = true, columns = {
                        step: 'BIGINT', prompt: 'VARCHAR', completion: 'VARCHAR', tokens: 'VARCHAR[]',
                        finish_reason: 'VARCHAR', reward: 'DOUBLE', rewards: 'JSON', reward_failure: 'VARCHAR',
                        penalty: 'DOUBLE', advantage: 'DOUBLE'}) WHERE step IS NOT NULL
                    """.formatted(RUN, list(completions)));
        }
        List<Path> answers = files(runs, "samples.jsonl");
        if (!answers.isEmpty()) {
            statement.execute("""
                    INSERT INTO samples (run, step, source, prompt, completion, tokens, finish_reason)
                        SELECT %s, step, 'sample_prompts', prompt, completion, tokens, finish_reason FROM read_json(%s,
                        format = 'newline_delimited', ignore_errors = true, filename = true, columns = {
                        step: 'BIGINT', prompt: 'VARCHAR', completion: 'VARCHAR', tokens: 'BIGINT',
                        finish_reason: 'VARCHAR'}) WHERE step IS NOT NULL
                    """.formatted(RUN, list(answers)));
        }
    }

    /// Those of the runs that have lines.
    private static List<Path> files(List<Path> runs, String name) {
        return runs.stream()
                .map(run -> run.resolve(name))
                .filter(file -> Files.exists(file) && file.toFile().length() > 0)
                .toList();
    }

    /// Paths as SQL takes them; what DuckDB would read as a pattern stands for itself.
    private static String list(List<Path> files) {
        return files.stream()
                .map(file -> file.toAbsolutePath().normalize().toString())
                .map(path -> "'" + path.replaceAll("[*?\\[]", "[$0]").replace("'", "''") + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
