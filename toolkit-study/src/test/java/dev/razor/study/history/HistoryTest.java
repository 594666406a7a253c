package dev.razor.study.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {

    @TempDir
    private Path folder;

    private Path study;

    /// A place whose name means something to DuckDB, to SQL and to shells.
    @BeforeEach
    void writeStudy() throws IOException {
        study = folder.resolve("a [1] *'study'");
        write("runs/sft/config.yaml", "seed: 7\nlearning_rate: 1e-3\nname: it's\n");
        write("runs/sft/metrics.jsonl", """
                {"step":1,"loss":0.5,"kl":null}
                {"step":2,"loss":0.25,"kl":null}
                {"step":3,"lo""");
        write(
                "runs/grpo-learning_rate=0.1/metrics.jsonl",
                "{\"step\":1,\"loss\":0.0,\"kl\":null,\"reward_mean\":0.75}\n");
        write("runs/grpo-learning_rate=0.1/config.yaml", "seed: 7\nlearning_rate: 0.1\n");
        write(
                "runs/grpo-learning_rate=0.1/completions.jsonl",
                "{\"step\":1,\"prompt\":\"p\",\"completion\":\"a'b\",\"finish_reason\":\"stop\",\"reward\":1.0,"
                        + "\"rewards\":{\"one_of\":1.0},\"penalty\":0.0,\"advantage\":0.5,\"tokens\":[\"a'\",\"b\"],"
                        + "\"logprobs\":[-1,-2]}\n");
        write(
                "runs/sft/samples.jsonl",
                "{\"step\":2,\"prompt_index\":0,\"prompt\":\"q\",\"completion\":\"\",\"tokens\":1}\n");
        write("runs/.sft.tmp-00000000/metrics.jsonl", "{\"step\":1}\n");
        state("base", "done", "", 1);
        state("sft", "done", "", 12.5);
        state("grpo-learning_rate=0.1", "failed", "it diverged", 2);
        state("later", "skipped", "needs grpo", 0);
        write("study.json", "{\"study_yaml\": \"methods: [{name: sft, trainer: sft}, {name: grpo, trainer: grpo}]\"}");
        write("measurements/sft/step-2.json", "{\"standard_errors\": {\"new_accuracy\": 0.125, \"skill\": null}}");
        write("measurements/base.json", "{\"standard_errors\": {\"new_accuracy\": 0.25, \"skill\": 0.0625}}");
        PointsCsv.write(
                study.resolve("points.csv"),
                List.of(point("base", "base", 0, Double.NaN, 0, 0.5), point("sft", "sft", 2, 1e-3, 0.375, 0.25)));
    }

    private static Point point(String run, String method, int step, double rate, double kl, double skill) {
        return new Point(
                run, method, step, 7, rate, 0.5, skill, 0.5 - skill, Map.of("forward_kl", kl), Map.of("skill", skill));
    }

    private void state(String unit, String status, String reason, double seconds) throws IOException {
        write("state/" + unit + ".json", """
                {"inputs": "x", "status": "%s", "reason": "%s", "started": "2026-01-31T12:00:00Z", "seconds": %s,
                 "attempts": 1, "pid": 1}""".formatted(status, reason, seconds));
    }

    private void write(String name, String text) throws IOException {
        Path file = study.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Connection open(Path file) throws SQLException {
        Properties readOnly = new Properties();
        readOnly.setProperty("duckdb.read_only", "true");
        return DriverManager.getConnection("jdbc:duckdb:" + file, readOnly);
    }

    /// Each row as its values, in text.
    private static List<String> rows(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(String.valueOf(rows.getObject(i)));
                }
                found.add(String.join(" ", values));
            }
            return found;
        }
    }

    @Test
    void history_holdsWhatTheFilesHold() throws SQLException, IOException {
        Path file = History.write(study);
        assertThat(file).isEqualTo(study.resolve("history.duckdb"));
        try (Connection database = open(file)) {
            assertThat(rows(
                            database,
                            "SELECT run, method, trainer, seed, learning_rate, status, reason, seconds FROM runs"))
                    .containsExactly(
                            "grpo-learning_rate=0.1 grpo grpo 7 0.1 failed it diverged 2.0",
                            "later null null null null skipped needs grpo 0.0",
                            "sft sft sft 7 0.001 done null 12.5");
            assertThat(rows(database, "SELECT settings->>'name' FROM runs WHERE run = 'sft'"))
                    .containsExactly("it's");
            assertThat(rows(database, "FROM points"))
                    .containsExactly(
                            "base base 0 7 null 0.5 0.5 0.0 0.0 0.5 0.25 0.0625",
                            "sft sft 2 7 0.001 0.5 0.25 0.25 0.375 0.25 0.125 null");
            assertThat(rows(database, "SELECT column_name FROM (DESCRIBE points)"))
                    .endsWith("forward_kl", "skill", "new_accuracy_stderr", "skill_stderr");
            assertThat(rows(database, "SELECT run, step, loss, reward_mean, kl FROM metrics ORDER BY run, step"))
                    .as("without the line that is still being written")
                    .containsExactly(
                            "grpo-learning_rate=0.1 1 0.0 0.75 null", "sft 1 0.5 null null", "sft 2 0.25 null null");
            assertThat(rows(database, "SELECT column_type FROM (DESCRIBE metrics) WHERE column_name = 'kl'"))
                    .containsExactly("DOUBLE");
            assertThat(rows(database, "SELECT run, step, source, prompt, completion, tokens, reward FROM samples"))
                    .containsExactly("grpo-learning_rate=0.1 1 training p a'b 2 1.0", "sft 2 sample_prompts q  1 null");
            assertThat(rows(database, "SELECT rewards->>'one_of' FROM samples WHERE source = 'training'"))
                    .containsExactly("1.0");
        }
        try (Stream<Path> entries = Files.list(study)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "runs", "state", "measurements", "study.json", "points.csv", "history.duckdb");
        }
    }

    @Test
    void history_writtenAnew_leavesAReaderWhatItHas() throws SQLException, IOException {
        Path file = History.write(study);
        try (Connection reader = open(file)) {
            assertThat(rows(reader, "SELECT count(*) FROM metrics")).containsExactly("3");
            write("runs/sft/metrics.jsonl", "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"step\":4}\n");
            History.write(study);
            assertThat(rows(reader, "SELECT run, step FROM metrics ORDER BY ALL"))
                    .hasSize(3);
        }
        try (Connection reader = open(file)) {
            assertThat(rows(reader, "SELECT count(*) FROM metrics")).containsExactly("5");
        }
    }

    @Test
    void history_ofAStudyThatHasNothingYet_hasEmptyTables() throws SQLException, IOException {
        Path file = History.write(Files.createDirectory(folder.resolve("new")));
        try (Connection database = open(file)) {
            for (String table : List.of("runs", "points", "metrics", "samples")) {
                assertThat(rows(database, "SELECT count(*) FROM " + table)).containsExactly("0");
            }
        }
    }

    /// What a process that is gone was doing, it is doing no more.
    @Test
    void status_ofAKilledRun_isInterrupted() throws SQLException, IOException {
        write("state/sft.json", """
                {"inputs": "x", "status": "running", "reason": "", "started": "2026-01-31T12:00:00Z", "seconds": 0,
                 "attempts": 1, "pid": 4194305}""");
        try (Connection database = open(History.write(study))) {
            assertThat(rows(database, "SELECT status, seconds FROM runs WHERE run = 'sft'"))
                    .containsExactly("interrupted null");
        }
    }

    /// After a reboot, or in a container, numbers are given out again.
    @Test
    void status_ofAKilledRunWhoseProcessNumberIsAnothersNow_isInterrupted() throws SQLException, IOException {
        String running = """
                {"inputs": "x", "status": "running", "reason": "", "started": "%s", "seconds": 0,
                 "attempts": 1, "pid": %d}""";
        ProcessHandle own = ProcessHandle.current();
        write("state/sft.json", running.formatted("2001-01-31T12:00:00Z", own.pid()));
        write("state/later.json", running.formatted(Instant.now(), own.pid()));
        try (Connection database = open(History.write(study))) {
            assertThat(rows(database, "SELECT run, status FROM runs WHERE run IN ('sft', 'later')"))
                    .containsExactly("later running", "sft interrupted");
        }
    }

    /// A grid's key may have digits in it, and a method a name that looks like a run's.
    @Test
    void method_isThatOfThePoints_elseWhatComesBeforeTheVaryingSettings() throws SQLException, IOException {
        state("sft-adam_beta1=0.8", "done", "", 1);
        state("grpo-x=1-adam_beta1=0.8", "done", "", 1);
        PointsCsv.write(
                study.resolve("points.csv"),
                List.of(point("grpo-x=1-adam_beta1=0.8", "grpo-x=1", 2, 1e-3, 0.375, 0.25)));
        try (Connection database = open(History.write(study))) {
            assertThat(rows(database, "SELECT run, method, trainer FROM runs WHERE run LIKE '%beta1%'"))
                    .containsExactly("grpo-x=1-adam_beta1=0.8 grpo-x=1 null", "sft-adam_beta1=0.8 sft sft");
        }
    }

    /// As a study of ParityMNIST has them: a base a seed, no `config.yaml`, runs that no point comes from.
    @Test
    void runs_withoutAConfig_haveSeedAndRateOfTheirPoints_andBasesAreNone() throws SQLException, IOException {
        state("base-seed=42", "done", "", 1);
        state("grpo-learning_rate=0.5-seed=42", "done", "", 1);
        state("steps-grpo-seed=42", "done", "", 1);
        write("runs/base-seed=42/points.csv", "");
        write("runs/base-seed=43/points.csv", "");
        PointsCsv.write(
                study.resolve("points.csv"),
                List.of(
                        point("base-seed=42", "base", 0, Double.NaN, 0, 0.5),
                        point("grpo-learning_rate=0.5-seed=42", "grpo", 2, 0.5, 0.375, 0.25)));
        try (Connection database = open(History.write(study))) {
            assertThat(rows(database, "SELECT run, method, seed, learning_rate FROM runs WHERE run LIKE '%seed=%'"))
                    .containsExactly("grpo-learning_rate=0.5-seed=42 grpo 7 0.5", "steps-grpo-seed=42 null null null");
        }
    }

    @Test
    void history_thatCannotBeWritten_isOneLine_andLeavesTheOldOne() throws IOException {
        Path file = History.write(study);
        byte[] before = Files.readAllBytes(file);
        write("measurements/base.json", "{");
        assertThatThrownBy(() -> History.write(study))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("measurements/base.json: is not a measurement of a study");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        Map<String, String> left = new LinkedHashMap<>();
        try (Stream<Path> entries = Files.list(study)) {
            entries.filter(path -> path.getFileName().toString().startsWith("."))
                    .forEach(path -> left.put(path.toString(), ""));
        }
        assertThat(left).isEmpty();
    }
}
