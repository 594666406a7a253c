package dev.razor.study.report;

import dev.razor.study.fit.Fit;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.MatchedAccuracy;
import dev.razor.study.fit.MatchedAccuracy.Entry;
import dev.razor.study.fit.QuadraticFit;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The study's answer in sentences, computed from its numbers and written so as to state whatever came out.
///
/// The first sentence says which method forgot less at matched new-task accuracy ([MatchedAccuracy]).
/// Methods whose forgetting differs by rounding alone ([#ROUNDING]) forgot equally much. Whether a difference
/// could be chance says [Chance], and how much it depends on the seed [SeedBySeed].
final class Headline {

    /// Differences of forgetting up to this are rounding: forgetting is a difference of means of fractions, which
    /// in doubles is right to about 1e-15, and what the report shows of it ends at 1e-3.
    static final double ROUNDING = 1e-9;

    private Headline() {}

    /// What was forgotten, the answer first.
    static List<String> forgot(ReportData data) {
        List<String> sentences = new ArrayList<>();
        MatchedAccuracy.of(data.points())
                .ifPresentOrElse(
                        matched -> compare(matched, data, sentences),
                        () -> sentences.add("No trained model has been measured yet."));
        return List.copyOf(sentences);
    }

    /// How well forward KL would have told, the answer first; empty where no model was trained.
    static List<String> known(ReportData data) {
        List<String> sentences = new ArrayList<>();
        if (!Points.trained(data.points()).isEmpty()) {
            predict(data, sentences);
        }
        return List.copyOf(sentences);
    }

    private static void compare(MatchedAccuracy matched, ReportData data, List<String> sentences) {
        List<Entry> ranked = matched.ranked();
        Entry first = ranked.getFirst();
        String bar = Numbers.hundredths(matched.threshold()) + " %";
        if (ranked.size() == 1) {
            sentences.add("Only %s was measured, so there is nothing to compare it with: at its highest new-task "
                            .formatted(name(first))
                    + "accuracy, %s, it forgot %s.".formatted(bar, forgot(first)));
            return;
        }
        Entry second = ranked.get(1);
        List<Entry> least = ranked.stream()
                .filter(entry -> entry.best().forgetting() - first.best().forgetting() <= ROUNDING)
                .toList();
        sentences.add("%s: at a new-task accuracy of %s, the highest that %s reached, the least forgetting was %s."
                .formatted(
                        answer(ranked, least),
                        bar,
                        ranked.size() == 2 ? "both" : "all",
                        each(
                                ranked,
                                entry -> "%s for %s (the best of %s)"
                                        .formatted(forgot(entry), name(entry), models(entry.candidates())))));
        if (least.size() == 1) {
            sentences.add(Chance.sentence(first.best(), second.best(), data));
        }
        lostMost(ranked.getLast(), data, sentences);
        sentences.add(SeedBySeed.sentence(first.method(), second.method(), data.points()));
        Points.bases(data.points()).stream()
                .filter(base -> matched.threshold() <= base.newAccuracy())
                .max(Comparator.comparingDouble(Point::newAccuracy))
                .ifPresent(base -> sentences.add(
                        "Read this with care: the base model already scores %s %% on the new task, so at least one "
                                        .formatted(Numbers.hundredths(base.newAccuracy()))
                                + "method learned nothing, and models are compared that need not have changed."));
        if (ranked.stream().allMatch(entry -> Double.isFinite(kl(entry.best())))) {
            sentences.add("At these points the forward KL from the base model was %s."
                    .formatted(each(
                            ranked,
                            entry -> "%s nats for %s"
                                    .formatted(Numbers.significant(kl(entry.best()), 3), name(entry)))));
        }
    }

    /// @param least those that forgot as little as the first
    private static String answer(List<Entry> ranked, List<Entry> least) {
        Entry first = ranked.getFirst();
        if (least.size() > 1) {
            return "%s forgot equally little%s"
                    .formatted(
                            each(least, Headline::name),
                            least.size() < ranked.size() ? ", the least of %d methods".formatted(ranked.size()) : "");
        }
        return ranked.size() <= 3
                ? "%s forgot less than %s".formatted(name(first), others(ranked))
                : "%s forgot least of %d methods".formatted(name(first), ranked.size());
    }

    /// Where the method that forgot most lost most, if there are benchmarks to choose from.
    private static void lostMost(Entry entry, ReportData data, List<String> sentences) {
        Point base = Points.base(entry.best(), data.points()).orElse(null);
        if (base == null || entry.best().benchmarks().size() < 2) {
            return;
        }
        entry.best().benchmarks().keySet().stream()
                .max(Comparator.comparingDouble(name -> drop(base, entry, name)))
                .filter(name -> drop(base, entry, name) > 0)
                .ifPresent(name -> sentences.add("%s lost most on %s: %s %% of it is left of %s %%."
                        .formatted(
                                name(entry),
                                name,
                                Numbers.hundredths(entry.best().benchmark(name)),
                                Numbers.hundredths(base.benchmark(name)))));
    }

    private static double drop(Point base, Entry entry, String benchmark) {
        double drop = base.benchmark(benchmark) - entry.best().benchmark(benchmark);
        return Double.isFinite(drop) ? drop : Double.NEGATIVE_INFINITY;
    }

    private static void predict(ReportData data, List<String> sentences) {
        Fits fits = data.fits();
        Fit fit = fits.get(MeterNames.FORWARD_KL, Fits.ALL);
        if (fit == null) {
            sentences.add("Forward KL was not measured.");
            return;
        }
        QuadraticFit quadratic = fit.quadratic();
        if (Double.isNaN(quadratic.r2())) {
            sentences.add("How well forward KL predicts forgetting cannot be said: that needs models at three "
                    + "different KLs at least, and forgetting that differs between them.");
            return;
        }
        sentences.add(
                "%s: a quadratic in forward KL, measured on the new task's inputs alone, explains forgetting with R² = %s%s over %s of all methods."
                        .formatted(
                                quadratic.r2() >= 0.8
                                        ? "For the most part"
                                        : quadratic.r2() >= 0.5 ? "In part" : "Hardly",
                                Numbers.fixed(quadratic.r2(), 2),
                                fit.r2Interval().isDefined()
                                        ? " (95 %% interval %s to %s)"
                                                .formatted(
                                                        Numbers.fixed(
                                                                fit.r2Interval().low(), 2),
                                                        Numbers.fixed(
                                                                fit.r2Interval().high(), 2))
                                        : " (too few models for an interval)",
                                models(quadratic.n())));
        spread(data, quadratic, sentences);
        rank(fits, sentences);
    }

    /// What the fit leaves open, in points:
    ///
    /// ```
    /// left = sqrt(sum (forgetting - fit)^2 / (n - 3))          three coefficients were fitted
    /// all  = sqrt(sum (forgetting - mean)^2 / (n - 1))
    /// ```
    private static void spread(ReportData data, QuadraticFit fit, List<String> sentences) {
        List<Point> measured = Points.trained(data.points()).stream()
                .filter(point -> Double.isFinite(kl(point)) && Double.isFinite(point.forgetting()))
                .toList();
        int n = measured.size();
        if (n <= 3) {
            return;
        }
        double mean = measured.stream().mapToDouble(Point::forgetting).average().orElseThrow();
        double left = measured.stream()
                .mapToDouble(point -> Math.pow(point.forgetting() - fit.at(kl(point)), 2))
                .sum();
        double all = measured.stream()
                .mapToDouble(point -> Math.pow(point.forgetting() - mean, 2))
                .sum();
        sentences.add(
                "Knowing a model's KL leaves a standard deviation of %s points in what it forgot; without it, there are %s."
                        .formatted(
                                Numbers.fixed(100 * Math.sqrt(left / (n - 3)), 2),
                                Numbers.fixed(100 * Math.sqrt(all / (n - 1)), 2)));
    }

    private static void rank(Fits fits, List<String> sentences) {
        List<String> ranked = fits.byMeter().keySet().stream()
                .filter(meter -> !Double.isNaN(r2(fits, meter)))
                .sorted(Comparator.comparingDouble((String meter) -> -r2(fits, meter)))
                .toList();
        if (ranked.size() < 2) {
            return;
        }
        String best = ranked.getFirst();
        sentences.add(
                best.equals(MeterNames.FORWARD_KL)
                        ? "No other of the %d meters predicts it better.".formatted(ranked.size())
                        : "%s predicts it better (R² = %s); forward KL comes at place %d of %d meters."
                                .formatted(
                                        best,
                                        Numbers.fixed(r2(fits, best), 2),
                                        ranked.indexOf(MeterNames.FORWARD_KL) + 1,
                                        ranked.size()));
    }

    private static double r2(Fits fits, String meter) {
        Fit fit = fits.get(meter, Fits.ALL);
        return fit == null ? Double.NaN : fit.quadratic().r2();
    }

    private static String others(List<Entry> ranked) {
        return ranked.stream().skip(1).map(Headline::name).collect(Collectors.joining(" and "));
    }

    private static String each(List<Entry> entries, Function<Entry, String> words) {
        List<String> parts = entries.stream().map(words).toList();
        return String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
    }

    private static String name(Entry entry) {
        return Points.label(entry.method());
    }

    private static String forgot(Entry entry) {
        String points = Numbers.hundredths(entry.best().forgetting());
        return points + (points.equals("1.0") ? " point" : " points");
    }

    private static String models(int count) {
        return count == 1 ? "one model" : count + " models";
    }

    private static double kl(Point point) {
        return point.meter(MeterNames.FORWARD_KL);
    }
}
