package dev.razor.study.report;

import dev.razor.study.fit.Fit;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.Predictors;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The report's tables.
final class Tables {

    private static final List<String> START = List.of(
            "run", "method", "step", "seed", "learning rate", "new task (%)", "prior (%)", "forgetting (points)");

    private Tables() {}

    static String fits(Fits fits) {
        List<List<String>> rows = new ArrayList<>();
        fits.byMeter().forEach((meter, groups) -> groups.forEach((group, fit) -> rows.add(fitRow(meter, group, fit))));
        return Html.table(
                "Quadratic fits", List.of("meter", "models", "R²", "95 % interval", "c0", "c1", "c2", "n"), rows, 2);
    }

    /// The meters by R² over all methods, as table 1 of the paper.
    static String predictors(Fits fits) {
        List<List<String>> rows = new ArrayList<>();
        for (Predictors.Predictor predictor : Predictors.ranked(fits)) {
            Fit fit = predictor.fit();
            rows.add(List.of(
                    predictor.meter(),
                    Numbers.fixed(fit.quadratic().r2(), 3),
                    interval(fit),
                    Integer.toString(fit.quadratic().n())));
        }
        return Html.table("Meters by R²", List.of("meter", "R²", "95 % interval", "n"), rows, 1);
    }

    private static String interval(Fit fit) {
        return fit.r2Interval().isDefined()
                ? Numbers.fixed(fit.r2Interval().low(), 3)
                        + " to "
                        + Numbers.fixed(fit.r2Interval().high(), 3)
                : Numbers.NONE;
    }

    private static List<String> fitRow(String meter, String group, Fit fit) {
        return List.of(
                meter,
                group.equals(Fits.ALL) ? "all methods" : Points.label(group),
                Numbers.fixed(fit.quadratic().r2(), 3),
                interval(fit),
                Numbers.significant(fit.quadratic().c0(), 3),
                Numbers.significant(fit.quadratic().c1(), 3),
                Numbers.significant(fit.quadratic().c2(), 3),
                Integer.toString(fit.quadratic().n()));
    }

    /// The base model, then the last checkpoint of each run.
    static String runs(List<Point> points) {
        List<Point> shown = new ArrayList<>(Points.base(points).stream().toList());
        shown.addAll(Points.last(points));
        List<List<String>> rows = shown.stream()
                .map(point -> {
                    List<String> row = new ArrayList<>(start(point));
                    row.add(Numbers.significant(point.meter(MeterNames.FORWARD_KL), 3));
                    return row;
                })
                .toList();
        List<String> header = new ArrayList<>(START);
        header.add("forward KL (nats)");
        return Html.table("Runs at their last checkpoint", header, rows, 2);
    }

    /// Every point with every column.
    static String points(List<Point> points) {
        List<String> meters = Points.meters(points);
        List<String> benchmarks = Points.benchmarks(points);
        List<String> header = new ArrayList<>(START);
        header.addAll(meters);
        benchmarks.forEach(benchmark -> header.add(benchmark + " (%)"));
        List<List<String>> rows = new ArrayList<>();
        for (Point point : points) {
            List<String> row = new ArrayList<>(start(point));
            meters.forEach(meter -> row.add(Numbers.significant(point.meter(meter), 3)));
            benchmarks.forEach(benchmark -> row.add(Numbers.hundredths(point.benchmark(benchmark))));
            rows.add(row);
        }
        return Html.table("All points", header, rows, 2);
    }

    private static List<String> start(Point point) {
        return List.of(
                point.run(),
                Points.label(point.method()),
                Integer.toString(point.step()),
                Long.toString(point.seed()),
                Numbers.rate(point.learningRate()),
                Numbers.hundredths(point.newAccuracy()),
                Numbers.hundredths(point.priorAccuracy()),
                Numbers.hundredths(point.forgetting()));
    }

    static String baseScores(Map<String, BaseScore> scores) {
        List<List<String>> rows = new ArrayList<>();
        scores.forEach((benchmark, score) -> rows.add(
                List.of(benchmark, Numbers.hundredths(score.score()), Numbers.fixed(100 * score.standardError(), 2))));
        return Html.table(
                "The base model's prior scores", List.of("benchmark", "score (%)", "standard error (points)"), rows, 1);
    }

    /// A table of the study's own; the columns before the first that holds numbers alone are text.
    static String added(ReportTable table) {
        int text = 0;
        while (text < table.header().size() && !isNumeric(table, text)) {
            text++;
        }
        return Html.table(table.title(), table.header(), table.rows(), text);
    }

    private static boolean isNumeric(ReportTable table, int column) {
        return table.rows().stream()
                .map(row -> row.get(column).strip())
                .allMatch(cell -> cell.isEmpty() || cell.equals(Numbers.NONE) || Character.isDigit(cell.charAt(cell.startsWith("-") && cell.length() > 1 ? 1 : 0)));
    }

    static String provenance(Map<String, String> provenance) {
        List<List<String>> rows = new ArrayList<>();
        provenance.forEach((name, value) -> rows.add(List.of(name, value)));
        return Html.table("Provenance", List.of("what", "value"), rows, 2);
    }
}
