package dev.razor.study.report;

import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The table of runs: what became of each, its last checkpoint's numbers, and where its files are.
final class RunTable {

    private static final List<String> FILES = List.of("metrics.jsonl", "completions.jsonl", "config.yaml");

    private final ReportData data;
    private final Map<String, Point> last = new LinkedHashMap<>();
    private final Map<String, Long> checkpoints;

    private RunTable(ReportData data) {
        this.data = data;
        Points.bases(data.points()).forEach(base -> last.put(base.run(), base));
        Points.last(data.points()).forEach(point -> last.put(point.run(), point));
        this.checkpoints = data.points().stream().collect(Collectors.groupingBy(Point::run, Collectors.counting()));
    }

    /// The base model, the runs that have points, then those of which only their state is known.
    static String of(ReportData data) {
        return new RunTable(data).html();
    }

    /// How many runs are in which state, in words; empty where that is not known.
    static String summary(Map<String, RunState> states) {
        Map<String, Long> counts = states.values().stream()
                .collect(Collectors.groupingBy(RunState::status, LinkedHashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private String html() {
        List<String> names = new ArrayList<>(last.keySet());
        data.states().keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        List<String> header = new ArrayList<>(List.of("run", "method"));
        if (!data.states().isEmpty()) {
            header.addAll(List.of("status", "seconds"));
        }
        header.addAll(List.of(
                "step",
                "checkpoints",
                "seed",
                "learning rate",
                "new task (%)",
                "prior (%)",
                "forgetting (points)",
                "forward KL (nats)",
                "files"));
        return """
                <p class="controls"><label>Show runs with <input type="search" class="filter" \
                placeholder="a name, method or status"></label> <span class="count" role="status"></span></p>
                """
                + Html.tableOf(
                        "Runs at their last checkpoint",
                        header,
                        names.stream().map(this::row).toList(),
                        data.states().isEmpty() ? 2 : 3);
    }

    private List<Html.Cell> row(String name) {
        List<Html.Cell> row = new ArrayList<>();
        Point point = last.get(name);
        row.add(Html.Cell.text(name));
        row.add(Html.Cell.text(point == null ? Numbers.NONE : Points.label(point.method())));
        if (!data.states().isEmpty()) {
            RunState state = data.states().getOrDefault(name, new RunState(Numbers.NONE, Double.NaN, ""));
            String reason = state.reason().isEmpty()
                    ? ""
                    : "<br><span class=\"reason\">%s</span>".formatted(Html.escape(state.reason()));
            row.add(new Html.Cell(
                    "<span class=\"status %1$s\">%1$s</span>%2$s".formatted(Html.escape(state.status()), reason)));
            row.add(Html.Cell.text(Numbers.fixed(state.seconds(), 1)));
        }
        List<String> numbers = point == null
                ? List.of("", "", "", "", "", "", "", "")
                : List.of(
                        Integer.toString(point.step()),
                        Long.toString(checkpoints.getOrDefault(name, 0L)),
                        Long.toString(point.seed()),
                        Numbers.rate(point.learningRate()),
                        Numbers.hundredths(point.newAccuracy()),
                        Numbers.hundredths(point.priorAccuracy()),
                        Numbers.hundredths(point.forgetting()),
                        Numbers.significant(point.meter(MeterNames.FORWARD_KL), 3));
        numbers.forEach(number -> row.add(Html.Cell.text(number)));
        row.add(new Html.Cell(files(name)));
        return row;
    }

    private String files(String run) {
        return FILES.stream()
                .filter(file -> Files.exists(
                        data.directory().resolve("runs").resolve(run).resolve(file)))
                .map(file -> "<a href=\"runs/%s/%s\">%s</a>"
                        .formatted(encoded(run), file, file.substring(0, file.indexOf('.'))))
                .collect(Collectors.joining(" "));
    }

    /// A run's name as a piece of an address: what is no letter, digit or one of `-._` in percents.
    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = b > 0 && (Character.isLetterOrDigit(b) || "-._=".indexOf(b) >= 0);
            encoded.append(isPlain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }
}
