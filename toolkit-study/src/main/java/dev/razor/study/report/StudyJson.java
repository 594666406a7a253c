package dev.razor.study.report;

import dev.razor.core.base.DataException;
import dev.razor.core.run.JsonReason;
import dev.razor.study.figures.ReportScatter;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `study.json`, a [StudyRecord]: `{"title", "command", "base_scores": {"<benchmark>": {"score",
/// "stderr"}}, "study_yaml", "provenance": {"<name>": "<value>"}, "tables": [{"title", "caption", "header",
/// "rows"}], "scatters": [{"name", "title", "caption", "x_label", "y_label", "log_x", "trend", "series":
/// [{"name", "xs", "ys"}]}]}`. An unknown number is null; `tables` and `scatters` may be absent.
public final class StudyJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StudyJson() {}

    /// Writes `study` to `file`.
    public static void write(Path file, StudyRecord study) {
        ObjectNode root = JSON.createObjectNode();
        root.put("title", study.title());
        root.put("command", study.command());
        ObjectNode scores = root.putObject("base_scores");
        study.baseScores().forEach((benchmark, score) -> {
            ObjectNode node = scores.putObject(benchmark);
            put(node, "score", score.score());
            put(node, "stderr", score.standardError());
        });
        root.put("study_yaml", study.studyYaml());
        ObjectNode provenance = root.putObject("provenance");
        study.provenance().forEach(provenance::put);
        if (!study.tables().isEmpty()) {
            ArrayNode tables = root.putArray("tables");
            study.tables().forEach(table -> fill(tables.addObject(), table));
        }
        if (!study.scatters().isEmpty()) {
            ArrayNode scatters = root.putArray("scatters");
            study.scatters().forEach(scatter -> fill(scatters.addObject(), scatter));
        }
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    private static void fill(ObjectNode node, ReportTable table) {
        node.put("title", table.title()).put("caption", table.caption());
        ArrayNode header = node.putArray("header");
        table.header().forEach(header::add);
        ArrayNode rows = node.putArray("rows");
        for (List<String> row : table.rows()) {
            ArrayNode cells = rows.addArray();
            row.forEach(cells::add);
        }
    }

    private static void fill(ObjectNode node, ReportScatter scatter) {
        node.put("name", scatter.name())
                .put("title", scatter.title())
                .put("caption", scatter.caption())
                .put("x_label", scatter.xLabel())
                .put("y_label", scatter.yLabel())
                .put("log_x", scatter.logX())
                .put("trend", scatter.trend());
        ArrayNode series = node.putArray("series");
        for (ReportScatter.Series one : scatter.series()) {
            ObjectNode pairs = series.addObject().put("name", one.name());
            numbers(pairs.putArray("xs"), one.xs());
            numbers(pairs.putArray("ys"), one.ys());
        }
    }

    private static void numbers(ArrayNode array, List<Double> values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                array.add(value);
            } else {
                array.addNull();
            }
        }
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }

    /// Reads what [#write] wrote.
    ///
    /// @throws DataException with one line a problem
    public static StudyRecord read(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            throw new DataException(
                    file + ": cannot be read as JSON, got " + JsonReason.of(e) + "; run the study again", e);
        }
        List<String> problems = new ArrayList<>();
        StudyRecord study = new StudyJsonReader(file, problems).study(root);
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return study;
    }
}
