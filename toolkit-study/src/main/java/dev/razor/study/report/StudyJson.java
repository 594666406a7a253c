package dev.razor.study.report;

import dev.razor.core.base.DataException;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The file `study.json`, a [StudyRecord]: `{"title", "command", "base_scores": {"<benchmark>": {"score",
/// "stderr"}}, "study_yaml", "provenance": {"<name>": "<value>"}}`. An unknown number is null.
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
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
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
                    file + ": cannot be read as JSON, got " + e.getOriginalMessage() + "; run the study again", e);
        }
        Reader reader = new Reader(file, new ArrayList<>());
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        reader.object(root, "base_scores").forEach((benchmark, node) -> {
            String at = "base_scores." + benchmark;
            scores.put(benchmark, new BaseScore(reader.number(node, at, "score"), reader.number(node, at, "stderr")));
        });
        Map<String, String> provenance = new LinkedHashMap<>();
        reader.object(root, "provenance").forEach((name, value) -> provenance.put(name, value.asString()));
        StudyRecord study = new StudyRecord(
                reader.text(root, "title"),
                reader.text(root, "command"),
                scores,
                reader.text(root, "study_yaml"),
                provenance);
        if (!reader.problems().isEmpty()) {
            throw new DataException(reader.problems());
        }
        return study;
    }

    private record Reader(Path file, List<String> problems) {

        String text(JsonNode node, String name) {
            if (!node.path(name).isString()) {
                problem(name, "must be a text", node.path(name));
                return "";
            }
            return node.path(name).stringValue();
        }

        double number(JsonNode node, String at, String name) {
            JsonNode value = node.path(name);
            if (!value.isNumber() && !value.isNull()) {
                problem(at + "." + name, "must be a number or null", value);
            }
            return value.isNumber() ? value.doubleValue() : Double.NaN;
        }

        Map<String, JsonNode> object(JsonNode node, String name) {
            Map<String, JsonNode> members = new LinkedHashMap<>();
            if (node.path(name).isObject()) {
                node.path(name).properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            } else {
                problem(name, "must be an object", node.path(name));
            }
            return members;
        }

        private void problem(String name, String what, JsonNode got) {
            String value = got.isMissingNode() ? "nothing" : got.toString();
            problems.add("%s: %s %s, got %s; run the study again".formatted(file, name, what, value));
        }
    }
}
