package dev.razor.study.paritymnist;

import dev.razor.core.stats.Bootstrap;
import dev.razor.core.stats.Interval;
import dev.razor.study.fit.MatchedAccuracy;
import dev.razor.study.fit.QuadraticFit;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import dev.razor.study.report.ReportTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The tables "paper, replication, ours" of a study.
///
/// R² is of the parabola of forgetting on a distance over all methods' models, in-sample, seed by seed: over
/// several seeds their mean and standard deviation. The interval resamples whole runs, since the checkpoints of
/// one run are no independent points.
final class Comparison {

    private Comparison() {}

    static List<ReportTable> tables(ParityConfig study, List<Point> points) {
        List<ReportTable> tables = new ArrayList<>();
        if (!Points.trained(points).isEmpty()) {
            tables.add(predictors(points));
            tables.add(ends(study, points));
            tables.add(updates(points));
        }
        return tables;
    }

    private static ReportTable predictors(List<Point> points) {
        List<List<String>> rows = new ArrayList<>();
        for (PaperNumbers.Predictor predictor : PaperNumbers.PREDICTORS) {
            String old = MeterNames.OLD + predictor.meter();
            boolean hasOld = Points.meters(points).contains(old);
            rows.add(List.of(
                    predictor.variable(),
                    predictor.paper(),
                    predictor.replication(),
                    Spread.ofSeeds(points, seed -> r2(seed, predictor.meter())),
                    interval(points, predictor.meter()),
                    predictor.oldReplication(),
                    hasOld ? Spread.ofSeeds(points, seed -> r2(seed, old)) : ""));
        }
        return new ReportTable(
                "What predicts forgetting: R² of a parabola",
                "The paper's table 1 beside its public replication and this study. Distances are taken on the new "
                        + "task's test images, in the last two columns on the old task's. In-sample, over all "
                        + "methods' models; with several seeds mean ± standard deviation. The interval is a "
                        + "bootstrap over whole runs.",
                List.of(
                        "variable",
                        "paper",
                        "replication",
                        "ours",
                        "ours, 95 %",
                        "replication, old task",
                        "ours, old task"),
                rows);
    }

    /// The end of each method's curve, and how well it keeps the old task at a parity accuracy that all reach.
    private static ReportTable ends(ParityConfig study, List<Point> points) {
        List<List<String>> rows = new ArrayList<>();
        List<Point> bases = Points.bases(points);
        rows.add(List.of(
                "start",
                PaperNumbers.START.parity(),
                PaperNumbers.START.fashion(),
                PaperNumbers.START.kl(),
                Spread.of(bases, Point::newAccuracy),
                Spread.of(bases, Point::priorAccuracy),
                "0",
                Spread.of(bases, Point::priorAccuracy)));
        Map<Long, MatchedAccuracy> matched = new LinkedHashMap<>();
        Points.bySeed(Points.trained(points))
                .forEach((seed, trained) -> MatchedAccuracy.of(trained).ifPresent(one -> matched.put(seed, one)));
        for (ParityConfig.Method method : study.methods()) {
            List<Point> best = Points.bySeed(Points.of(method.name(), points)).values().stream()
                    .map(Comparison::best)
                    .toList();
            if (best.isEmpty()) {
                continue;
            }
            Optional<PaperNumbers.End> end = PaperNumbers.end(method.kind(), method.beta());
            List<Point> kept = matched.values().stream()
                    .flatMap(one -> one.entries().stream())
                    .filter(entry -> entry.method().equals(method.name()))
                    .map(MatchedAccuracy.Entry::best)
                    .toList();
            rows.add(List.of(
                    method.name(),
                    end.map(PaperNumbers.End::parity).orElse(""),
                    end.map(PaperNumbers.End::fashion).orElse(""),
                    end.map(PaperNumbers.End::kl).orElse(""),
                    Spread.of(best, Point::newAccuracy),
                    Spread.of(best, Point::priorAccuracy),
                    Spread.of(best, point -> point.meter(MeterNames.FORWARD_KL)),
                    Spread.of(kept, Point::priorAccuracy)));
        }
        return new ReportTable(
                "Where the methods end",
                "The paper's numbers are read off its figure 3 at the end of each curve; ours are of the model of "
                        + "highest parity accuracy. The last column is the best Fashion-MNIST accuracy that a "
                        + "method keeps at the highest parity accuracy that every method reaches, "
                        + bars(matched) + ".",
                List.of(
                        "method",
                        "paper: parity",
                        "paper: Fashion",
                        "paper: KL",
                        "ours: parity",
                        "ours: Fashion",
                        "ours: KL",
                        "ours: Fashion at matched parity"),
                rows);
    }

    /// `0.961`, or with several seeds the bar of each.
    private static String bars(Map<Long, MatchedAccuracy> matched) {
        if (matched.size() == 1) {
            return Spread.number(matched.values().iterator().next().threshold());
        }
        return matched.isEmpty()
                ? "none"
                : "seed by seed: "
                        + matched.entrySet().stream()
                                .map(bar -> "%s (seed %d)"
                                        .formatted(Spread.number(bar.getValue().threshold()), bar.getKey()))
                                .collect(Collectors.joining(", "));
    }

    /// That float32 updates are dense and of full rank.
    private static ReportTable updates(List<Point> points) {
        List<List<String>> rows = new ArrayList<>();
        for (String method : Points.methods(points)) {
            List<Point> last = Points.last(Points.of(method, points));
            rows.add(List.of(
                    method,
                    Spread.of(last, point -> point.meter("weight_sparsity")),
                    Spread.number(last.stream()
                            .mapToDouble(point -> point.meter("weight_sparsity"))
                            .max()
                            .orElse(Double.NaN)),
                    Spread.of(last, point -> point.meter("weight_rank")),
                    Spread.number(last.stream()
                            .mapToDouble(point -> point.meter("weight_rank"))
                            .min()
                            .orElse(Double.NaN))));
        }
        return new ReportTable(
                "Sparsity and rank of the updates",
                "Share of weights that are the same as the base's, and rank of the change as a share of the full "
                        + "one, of the final model of every run (float32; mean ± standard deviation over runs). "
                        + "What does not change are the weights of hidden units that never fire. The paper's rows "
                        + "are N/A: sparsity is an effect of bfloat16, and every update has full rank.",
                List.of("method", "unchanged weights", "most", "rank", "least"),
                rows);
    }

    /// The model of highest parity accuracy; of equal ones that which forgot least.
    private static Point best(List<Point> points) {
        return points.stream()
                .max(Comparator.comparingDouble(Point::newAccuracy).thenComparingDouble(point -> -point.forgetting()))
                .orElseThrow();
    }

    private static double r2(List<Point> points, String meter) {
        return QuadraticFit.of(
                        points.stream().mapToDouble(point -> point.meter(meter)).toArray(),
                        points.stream().mapToDouble(Point::forgetting).toArray())
                .r2();
    }

    private static String interval(List<Point> points, String meter) {
        Map<String, List<Point>> runs = new LinkedHashMap<>();
        Points.trained(points)
                .forEach(point -> runs.computeIfAbsent(point.run(), _ -> new ArrayList<>())
                        .add(point));
        List<double[]> x = new ArrayList<>();
        List<double[]> y = new ArrayList<>();
        runs.values().forEach(run -> {
            x.add(run.stream().mapToDouble(point -> point.meter(meter)).toArray());
            y.add(run.stream().mapToDouble(Point::forgetting).toArray());
        });
        Interval interval = Bootstrap.interval(
                x.size(),
                0,
                chosen -> QuadraticFit.of(joined(x, chosen), joined(y, chosen)).r2());
        return interval.isDefined()
                ? "%s to %s".formatted(Spread.number(interval.low()), Spread.number(interval.high()))
                : "";
    }

    private static double[] joined(List<double[]> parts, int[] chosen) {
        int size = 0;
        for (int i : chosen) {
            size += parts.get(i).length;
        }
        double[] joined = new double[size];
        int at = 0;
        for (int i : chosen) {
            System.arraycopy(parts.get(i), 0, joined, at, parts.get(i).length);
            at += parts.get(i).length;
        }
        return joined;
    }
}
