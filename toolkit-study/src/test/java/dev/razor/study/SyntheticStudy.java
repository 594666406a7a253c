package dev.razor.study;

import dev.razor.study.points.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Invented points of a study of many methods, runs and checkpoints, to draw, to report and to measure speed
/// with; no measurement. Forgetting follows forward KL by a quadratic law; the other meters are noisier, each
/// more than the one before.
public final class SyntheticStudy {

    private static final List<String> METERS = List.of(
            "forward_kl",
            "reverse_kl",
            "jensen_shannon",
            "total_variation",
            "l2",
            "weight_l1",
            "weight_fisher_l2",
            "weight_spectral",
            "activation_l1",
            "activation_l2");
    private static final double BASE_NEW = 0.86;
    private static final double BASE_PRIOR = 0.74;

    private SyntheticStudy() {}

    /// The base model and `checkpoints` of each of `runs` of each of `methods`; a method later in the list moves
    /// farther for what it learns.
    public static List<Point> of(List<String> methods, int runs, int checkpoints) {
        Random random = new Random(5);
        List<Point> points = new ArrayList<>();
        points.add(point("base", "base", 0, Double.NaN, 0, 0, random));
        for (int m = 0; m < methods.size(); m++) {
            for (int run = 0; run < runs; run++) {
                double rate = 3e-6 * Math.pow(1e-3 / 3e-6, runs == 1 ? 0.5 : run / (runs - 1.0));
                for (int checkpoint = 1; checkpoint <= checkpoints; checkpoint++) {
                    double progress = 1 - Math.exp(-3.0 * (run + 1) * checkpoint / runs / checkpoints);
                    double kl = (0.2 + 0.25 * m) * progress * progress * (1 + 0.1 * random.nextGaussian());
                    points.add(point(
                            methods.get(m) + "-run-" + run,
                            methods.get(m),
                            100 * checkpoint,
                            rate,
                            progress,
                            Math.max(1e-6, kl),
                            random));
                }
            }
        }
        return points;
    }

    private static Point point(
            String run, String method, int step, double rate, double progress, double kl, Random random) {
        double noise = step == 0 ? 0 : 0.008 * random.nextGaussian();
        double forgetting = 0.1 * kl + 0.06 * kl * kl + noise;
        Map<String, Double> meters = new LinkedHashMap<>();
        for (int i = 0; i < METERS.size(); i++) {
            meters.put(METERS.get(i), kl == 0 ? 0 : kl * Math.abs(1 + 0.12 * i * random.nextGaussian()));
        }
        double accuracy = BASE_NEW + 0.12 * progress + (step == 0 ? 0 : 0.004 * random.nextGaussian());
        double prior = BASE_PRIOR - forgetting;
        return new Point(
                run, method, step, 1, rate, accuracy, prior, forgetting, meters, Map.of("fashion_mnist", prior));
    }
}
