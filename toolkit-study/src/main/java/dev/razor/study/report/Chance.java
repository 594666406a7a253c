package dev.razor.study.report;

import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// Whether the difference between what two models forgot could be chance, judged by the standard errors of their
/// scores, taken as of independent scores:
///
/// ```
/// se(prior)      = sqrt(sum of se(benchmark)^2) / number of benchmarks
/// se(difference) = sqrt(se(prior of the first)^2 + se(prior of the second)^2)
/// ```
///
/// Where a model's error on a benchmark is not known, the base model's is taken for it. The base's own score is
/// subtracted from both and drops out.
///
/// Two models answer the same questions, so their scores usually rise and fall together and the true error
/// of the difference is smaller. Neither covers the spread between seeds, which a study of one seed is told.
final class Chance {

    private Chance() {}

    /// About two models of which `first` forgot less than `second`.
    static String sentence(Point first, Point second, ReportData data) {
        double error = Math.hypot(priorError(first, data), priorError(second, data));
        if (!Double.isFinite(error)) {
            return "Standard errors of the prior scores are not known, so this cannot be told from chance.";
        }
        double difference = second.forgetting() - first.forgetting();
        String points = Numbers.hundredths(difference);
        if (error == 0) {
            return areKnown(first, data) && areKnown(second, data)
                    ? "The standard error of the difference of %s points is 0, as every prior score of the two models is at an end of its scale, so it says nothing about chance."
                            .formatted(points)
                    : "Standard errors of the two models' prior scores are not all known, and the base model's, at an end of its scale, are 0, so the difference of %s points cannot be told from chance."
                            .formatted(points);
        }
        return "The difference of %s points is %s twice its standard error (about %s points)%s."
                .formatted(
                        points,
                        difference > 2 * error ? "more than" : "not more than",
                        Numbers.fixed(100 * error, 2),
                        difference > 2 * error ? "" : ": it may be chance");
    }

    /// The standard error of a model's prior score; NaN where a benchmark's is known neither of it nor of the base.
    static double priorError(Point point, ReportData data) {
        Map<String, BaseScore> base = data.study().baseScores();
        Set<String> benchmarks = benchmarks(data);
        double squares = 0;
        for (String benchmark : benchmarks) {
            double own = data.errors().of(point, benchmark);
            BaseScore instead = base.get(benchmark);
            double error = Double.isFinite(own) || instead == null ? own : instead.standardError();
            squares += error * error;
        }
        return Math.sqrt(squares) / benchmarks.size();
    }

    private static boolean areKnown(Point point, ReportData data) {
        return benchmarks(data).stream()
                .allMatch(benchmark -> Double.isFinite(data.errors().of(point, benchmark)));
    }

    private static SequencedSet<String> benchmarks(ReportData data) {
        SequencedSet<String> names =
                new LinkedHashSet<>(data.study().baseScores().keySet());
        names.addAll(Points.benchmarks(data.points()));
        return names;
    }
}
