package dev.razor.study.report;

import dev.razor.study.fit.MatchedAccuracy;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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

    static String sentence(String first, String second, List<Point> points) {
        List<List<Point>> seeds =
                List.copyOf(Points.bySeed(Points.trained(points)).values());
        if (seeds.size() == 1) {
            return "All runs share one seed, so how much the answer depends on the seed is not known.";
        }
        double[] differences = seeds.stream()
                .map(seed -> difference(first, second, seed))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        String all = "These are the best of %d seeds".formatted(seeds.size());
        if (differences.length < 2) {
            return "%s; %s had models of both methods, so how much the answer depends on the seed is not known."
                    .formatted(all, differences.length == 0 ? "none of them" : "only one of them");
        }
        double mean = Arrays.stream(differences).average().orElseThrow();
        double squares = Arrays.stream(differences)
                .map(one -> (one - mean) * (one - mean))
                .sum();
        return "%s: within each seed, at its own bar, %s forgot less than %s in %d of %d, on average by %s points (standard deviation %s)."
                .formatted(
                        all,
                        Points.label(first),
                        Points.label(second),
                        Arrays.stream(differences).filter(one -> one > 0).count(),
                        differences.length,
                        Numbers.fixed(100 * mean, 2),
                        Numbers.fixed(100 * Math.sqrt(squares / (differences.length - 1)), 2));
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
