package dev.razor.study;

import dev.razor.study.points.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Invented points that obey a quadratic law with noise, to draw and to report; no measurement.
public final class SyntheticPoints {

    private static final double BASE_NEW = 0.41;
    private static final double BASE_PRIOR = 0.852;

    private SyntheticPoints() {}

    /// A base and two methods, four learning rates and four checkpoints each; sft moves ten times as far.
    public static List<Point> study(long seed) {
        Random random = new Random(seed);
        List<Point> points = new ArrayList<>();
        points.add(point("base", "base", 0, Double.NaN, BASE_NEW, 0, 0, random));
        for (int rate = 1; rate <= 4; rate++) {
            for (int checkpoint = 1; checkpoint <= 4; checkpoint++) {
                double progress = 1 - Math.exp(-0.25 * rate * checkpoint);
                points.add(point(
                        "sft-" + rate,
                        "sft",
                        50 * checkpoint,
                        rate * 1e-4,
                        BASE_NEW + 0.55 * progress + 0.01 * random.nextGaussian(),
                        0.05 + 0.16 * rate * checkpoint * (1 + 0.1 * random.nextGaussian()),
                        0.012,
                        random));
            }
        }
        for (int rate = 1; rate <= 4; rate++) {
            for (int checkpoint = 1; checkpoint <= 4; checkpoint++) {
                double progress = 1 - Math.exp(-0.2 * rate * checkpoint);
                points.add(point(
                        "grpo-" + rate,
                        "grpo",
                        20 * checkpoint,
                        rate * 1e-5,
                        BASE_NEW + 0.5 * progress + 0.01 * random.nextGaussian(),
                        0.004 + 0.016 * rate * checkpoint * (1 + 0.1 * random.nextGaussian()),
                        0.006,
                        random));
            }
        }
        return points;
    }

    private static Point point(
            String run, String method, int step, double rate, double accuracy, double kl, double noise, Random random) {
        double forgetting = 0.02 * kl + 0.05 * kl * kl + noise * random.nextGaussian();
        Map<String, Double> meters = new LinkedHashMap<>();
        meters.put("forward_kl", kl);
        meters.put("reverse_kl", 0.8 * kl * (1 + 0.2 * random.nextGaussian()));
        meters.put("total_variation", 1 - Math.exp(-0.4 * kl));
        Map<String, Double> benchmarks = new LinkedHashMap<>();
        benchmarks.put("arithmetic", BASE_PRIOR - forgetting + 0.05);
        benchmarks.put("colours", BASE_PRIOR - forgetting - 0.05);
        return new Point(run, method, step, 7, rate, accuracy, BASE_PRIOR - forgetting, forgetting, meters, benchmarks);
    }
}
