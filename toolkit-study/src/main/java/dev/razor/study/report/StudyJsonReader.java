package dev.razor.study.report;

import dev.razor.study.figures.ReportScatter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// A `study.json` on its way to a [StudyRecord]; what cannot be read goes to `problems`, a line each.
record StudyJsonReader(Path file, List<String> problems) {

    StudyRecord study(JsonNode root) {
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        object(root, "base_scores").forEach((benchmark, node) -> {
            String at = "base_scores." + benchmark;
            scores.put(benchmark, new BaseScore(number(node, at, "score"), number(node, at, "stderr")));
        });
        Map<String, String> provenance = new LinkedHashMap<>();
        object(root, "provenance").forEach((name, value) -> provenance.put(name, value.asString()));
        return new StudyRecord(
                text(root, "", "title"),
                text(root, "", "command"),
                scores,
                text(root, "", "study_yaml"),
                provenance,
                tables(root),
                scatters(root));
    }

    private List<ReportTable> tables(JsonNode root) {
        List<ReportTable> tables = new ArrayList<>();
        for (JsonNode node : root.has("tables") ? array(root, "", "tables") : List.<JsonNode>of()) {
            String at = "tables[%d].".formatted(tables.size());
            List<String> header = texts(array(node, at, "header"));
            List<List<String>> rows = array(node, at, "rows").stream()
                    .map(row -> texts(List.copyOf(row.values())))
                    .toList();
            boolean isEven = rows.stream().allMatch(row -> row.size() == header.size());
            if (!isEven) {
                problem(at + "rows", "must have as many cells as the header", node.path("rows"));
            }
            tables.add(new ReportTable(
                    text(node, at, "title"), text(node, at, "caption"), header, isEven ? rows : List.of()));
        }
        return tables;
    }

    private List<ReportScatter> scatters(JsonNode root) {
        List<ReportScatter> scatters = new ArrayList<>();
        for (JsonNode node : root.has("scatters") ? array(root, "", "scatters") : List.<JsonNode>of()) {
            String at = "scatters[%d].".formatted(scatters.size());
            String name = text(node, at, "name");
            if (!name.matches("[A-Za-z0-9_-]+")) {
                problem(at + "name", "must be letters, digits, _ and -", node.path("name"));
                name = "unnamed";
            }
            scatters.add(new ReportScatter(
                    name,
                    text(node, at, "title"),
                    text(node, at, "caption"),
                    text(node, at, "x_label"),
                    text(node, at, "y_label"),
                    node.path("log_x").asBoolean(false),
                    series(node, at),
                    node.path("trend").asBoolean(false)));
        }
        return scatters;
    }

    private List<ReportScatter.Series> series(JsonNode scatter, String at) {
        List<ReportScatter.Series> series = new ArrayList<>();
        for (JsonNode node : array(scatter, at, "series")) {
            String here = at + "series[%d].".formatted(series.size());
            List<Double> xs = numbers(node, here, "xs");
            List<Double> ys = numbers(node, here, "ys");
            int pairs = Math.min(xs.size(), ys.size());
            if (xs.size() != ys.size()) {
                problem(here + "ys", "must be as many as xs, " + xs.size(), node.path("ys"));
            }
            series.add(new ReportScatter.Series(text(node, here, "name"), xs.subList(0, pairs), ys.subList(0, pairs)));
        }
        return series;
    }

    private List<Double> numbers(JsonNode node, String at, String name) {
        List<JsonNode> values = array(node, at, name);
        if (values.stream().anyMatch(value -> !value.isNumber() && !value.isNull())) {
            problem(at + name, "must be numbers or null", node.path(name));
        }
        return values.stream()
                .map(value -> value.isNumber() ? value.doubleValue() : Double.NaN)
                .toList();
    }

    private static List<String> texts(List<JsonNode> nodes) {
        return nodes.stream().map(node -> node.asString("")).toList();
    }

    private String text(JsonNode node, String at, String name) {
        if (!node.path(name).isString()) {
            problem(at + name, "must be a text", node.path(name));
            return "";
        }
        return node.path(name).stringValue();
    }

    private double number(JsonNode node, String at, String name) {
        JsonNode value = node.path(name);
        if (!value.isNumber() && !value.isNull()) {
            problem(at + "." + name, "must be a number or null", value);
        }
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }

    private List<JsonNode> array(JsonNode node, String at, String name) {
        JsonNode array = node.path(name);
        if (!array.isArray()) {
            problem(at + name, "must be a list", array);
        }
        return IntStream.range(0, array.isArray() ? array.size() : 0)
                .mapToObj(array::path)
                .toList();
    }

    private Map<String, JsonNode> object(JsonNode node, String name) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        if (node.path(name).isObject()) {
            node.path(name).properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        } else {
            problem(name, "must be an object", node.path(name));
        }
        return members;
    }

    private void problem(String name, String what, JsonNode got) {
        String text = got.toString();
        String value = got.isMissingNode() ? "nothing" : text.length() > 80 ? text.substring(0, 80) + "..." : text;
        problems.add("%s: %s %s, got %s; run the study again".formatted(file, name, what, value));
    }
}
