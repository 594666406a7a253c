package dev.razor.study.report;

import dev.razor.core.stats.MeanAndDeviation;
import dev.razor.study.fit.MatchedAccuracy;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/// How much the study's answer depends on the seed: the two methods that forgot least over all seeds, compared again
/// within each seed.
///
/// ```
/// d(seed) = forgetting of the second - forgetting of the first, by MatchedAccuracy of the seed's points alone
/// mean    = sum d(seed) / seeds
/// sd      = sqrt(sum (d(seed) - mean)^2 / (seeds - 1))
/// ```
///
/// The best of all seeds is what a lucky seed reached; these differences are not.
final class SeedBySeed {

    private SeedBySeed() {}

    /// The sentence for the headline.
    ///
    /// @param first the method that forgot least over all seeds
    /// @param second the one after it
    /// @param points of the study; accuracies and forgetting are shares, told in points of a hundred
    static String sentence(String first, String second, List<Point> points) {
        List<List<Point>> seeds =
                List.copyOf(Points.bySeed(Points.trained(points)).values());
        if (seeds.size() == 1) {
            return "All runs share one seed, so how much the answer depends on the seed is not known.";
        }
        Set<Long> ofFirst = seeds(first, points);
        Set<Long> ofSecond = seeds(second, points);
        boolean isSame = ofFirst.equals(ofSecond);
        if (isSame && ofFirst.size() == 1) {
            return "%s and %s were measured with one seed, so how much the answer depends on the seed is not known."
                    .formatted(Points.label(first), Points.label(second));
        }
        double[] differences = seeds.stream()
                .map(seed -> difference(first, second, seed))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        String best = "These are the best of " + best(first, ofFirst.size(), second, ofSecond.size(), isSame);
        if (differences.length < 2) {
            return "%s; %s had models of both methods, so how much the answer depends on the seed is not known."
                    .formatted(best, differences.length == 0 ? "no seed" : "only one seed");
        }
        MeanAndDeviation spread = MeanAndDeviation.of(differences);
        return "%s: within each seed%s, at its own bar, %s forgot less than %s in %d of %d, on average by %s points (standard deviation %s)."
                .formatted(
                        best,
                        isSame ? "" : " that both have",
                        Points.label(first),
                        Points.label(second),
                        Arrays.stream(differences)
                                .filter(one -> one > Headline.ROUNDING)
                                .count(),
                        differences.length,
                        Numbers.fixed(100 * spread.mean(), 2),
                        Numbers.fixed(100 * spread.deviation(), 2));
    }

    /// `3 seeds`, or `3 seeds for GRPO and 2 for SFT`.
    private static String best(String first, int ofFirst, String second, int ofSecond, boolean isSame) {
        String seeds = ofFirst == 1 ? "one seed" : ofFirst + " seeds";
        return isSame
                ? seeds
                : "%s for %s and %s for %s"
                        .formatted(seeds, Points.label(first), ofSecond == 1 ? "one" : ofSecond, Points.label(second));
    }

    /// With which a method has a model that can be compared.
    private static Set<Long> seeds(String method, List<Point> points) {
        return Points.of(method, points).stream()
                .filter(point -> Double.isFinite(point.newAccuracy()) && Double.isFinite(point.forgetting()))
                .map(Point::seed)
                .collect(Collectors.toSet());
    }

    private static OptionalDouble difference(String first, String second, List<Point> points) {
        Optional<MatchedAccuracy> matched = MatchedAccuracy.of(points);
        OptionalDouble a = forgetting(first, matched);
        OptionalDouble b = forgetting(second, matched);
        return a.isPresent() && b.isPresent()
                ? OptionalDouble.of(b.getAsDouble() - a.getAsDouble())
                : OptionalDouble.empty();
    }

    private static OptionalDouble forgetting(String method, Optional<MatchedAccuracy> matched) {
        return matched.stream()
                .flatMap(all -> all.entries().stream())
                .filter(entry -> entry.method().equals(method))
                .mapToDouble(entry -> entry.best().forgetting())
                .findFirst();
    }
}
