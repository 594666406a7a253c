package dev.razor.study.points;

import dev.razor.core.base.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was measured on one model: a run of the sweep at one of its checkpoints, or the base model.
///
/// Accuracies are fractions in `[0, 1]`. A number that was not measured is NaN, and a meter or benchmark
/// that was not measured may just as well be absent from its map: both are an empty cell in `points.csv`.
///
/// @param run the run's name, unique in the study
/// @param method the training method as the study file names it; `base` for the base model
/// @param step the optimiser step the checkpoint was taken at; 0 for the base model
/// @param learningRate the peak learning rate; NaN for the base model
/// @param newAccuracy accuracy on the new task
/// @param priorAccuracy mean score of the prior benchmarks
/// @param forgetting the base model's prior accuracy minus this model's
/// @param meters distances from the base model by meter name ([MeterNames]), in the order of the columns
/// @param benchmarks prior scores by benchmark name, in the order of the columns
public record Point(
        String run,
        String method,
        int step,
        long seed,
        double learningRate,
        double newAccuracy,
        double priorAccuracy,
        double forgetting,
        Map<String, Double> meters,
        Map<String, Double> benchmarks) {

    /// The method of the base model's point.
    public static final String BASE = "base";

    public Point {
        for (String meter : meters.keySet()) {
            Check.that(MeterNames.isMeter(meter), "meter must be one of %s, got %s", MeterNames.ALL, meter);
        }
        for (String benchmark : benchmarks.keySet()) {
            Check.that(!isColumn(benchmark), "benchmark %s has the name of another column of points.csv", benchmark);
        }
        meters = Collections.unmodifiableMap(new LinkedHashMap<>(meters));
        benchmarks = Collections.unmodifiableMap(new LinkedHashMap<>(benchmarks));
    }

    /// Whether a column of `points.csv` that is no benchmark's has this name.
    public static boolean isColumn(String name) {
        return MeterNames.isMeter(name) || PointsCsv.FIXED.contains(name);
    }

    /// Whether this is the base model: method `base` at step 0.
    public boolean isBase() {
        return step == 0 && method.equals(BASE);
    }

    /// The value of a meter, NaN where it was not measured.
    public double meter(String name) {
        return meters.getOrDefault(name, Double.NaN);
    }

    /// The score of a benchmark, NaN where it was not measured.
    public double benchmark(String name) {
        return benchmarks.getOrDefault(name, Double.NaN);
    }
}
