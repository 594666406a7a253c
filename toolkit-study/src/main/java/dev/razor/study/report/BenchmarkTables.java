package dev.razor.study.report;

import dev.razor.study.fit.MatchedAccuracy;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Prior scores by benchmark with their standard errors: of the base model and each method's best run at matched
/// new-task accuracy ([MatchedAccuracy]), and of all runs.
final class BenchmarkTables {

    private BenchmarkTables() {}

    /// A row a benchmark, a column a model.
    static String matched(ReportData data) {
        List<MatchedAccuracy.Entry> entries =
                MatchedAccuracy.of(data.points()).map(MatchedAccuracy::entries).orElse(List.of());
        List<String> header = new ArrayList<>(List.of("benchmark (%)", nameOfBase(data)));
        entries.forEach(entry -> header.add(Points.label(entry.method())));
        List<String> benchmarks = new ArrayList<>(data.study().baseScores().keySet());
        Points.benchmarks(data.points()).stream()
                .filter(name -> !benchmarks.contains(name))
                .forEach(benchmarks::add);
        List<List<String>> rows = new ArrayList<>();
        for (String benchmark : benchmarks) {
            List<String> row = new ArrayList<>(List.of(benchmark, base(data, benchmark)));
            entries.forEach(entry -> row.add(
                    score(entry.best().benchmark(benchmark), data.errors().of(entry.best(), benchmark))));
            rows.add(row);
        }
        List<String> mean = new ArrayList<>(List.of(
                "mean",
                Numbers.hundredths(
                        Points.base(data.points()).map(Point::priorAccuracy).orElse(Double.NaN))));
        entries.forEach(entry -> mean.add(Numbers.hundredths(entry.best().priorAccuracy())));
        rows.add(mean);
        return Html.table("Prior scores at matched accuracy", header, rows, 1);
    }

    /// Which models [#matched] shows.
    static String chosen(ReportData data) {
        return MatchedAccuracy.of(data.points())
                .map(matched -> matched.entries().stream()
                        .map(entry -> "%s: %s at step %d"
                                .formatted(
                                        Points.label(entry.method()),
                                        entry.best().run(),
                                        entry.best().step()))
                        .collect(Collectors.joining("; ")))
                .orElse("");
    }

    /// A row a run, at its last checkpoint.
    static String all(ReportData data) {
        List<String> benchmarks = Points.benchmarks(data.points());
        List<String> header = new ArrayList<>(List.of("run"));
        benchmarks.forEach(benchmark -> header.add(benchmark + " (%)"));
        List<List<String>> rows = new ArrayList<>();
        for (Point point : Points.last(data.points())) {
            List<String> row = new ArrayList<>(List.of(point.run()));
            benchmarks.forEach(benchmark ->
                    row.add(score(point.benchmark(benchmark), data.errors().of(point, benchmark))));
            rows.add(row);
        }
        return Html.table("Prior scores of all runs", header, rows, 1);
    }

    /// Where every seed has a base of its own, the one that the scores are of.
    private static String nameOfBase(ReportData data) {
        List<Point> bases = Points.bases(data.points());
        return bases.size() > 1 ? bases.getFirst().run() : "base model";
    }

    private static String base(ReportData data, String benchmark) {
        Map<String, BaseScore> scores = data.study().baseScores();
        BaseScore known = scores.get(benchmark);
        return known == null
                ? score(
                        Points.base(data.points())
                                .map(point -> point.benchmark(benchmark))
                                .orElse(Double.NaN),
                        Double.NaN)
                : score(known.score(), known.standardError());
    }

    private static String score(double score, double error) {
        return Numbers.hundredths(score) + (Double.isNaN(error) ? "" : " ± " + Numbers.fixed(100 * error, 2));
    }
}
