package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.GradMode;
import dev.razor.study.points.MeterNames;
import dev.razor.study.points.Point;
import java.util.LinkedHashMap;
import java.util.Map;

/// The base of one seed, and everything that models are held against.
final class SeedBase {

    /// Images that the Fisher information is the mean over, as in the public replication.
    private static final int FISHER_IMAGES = 500;

    /// Images that are computed together.
    private static final int CHUNK = 5000;

    private final Parameters parameters;
    private final VisionData data;
    private final long seed;
    private final TaskMeter newTask;
    private final TaskMeter oldTask;
    private final WeightDistance weights;
    private final double oldAccuracy;
    private double[] logProbs = {};

    SeedBase(NDManager manager, Parameters parameters, VisionData data, long seed) {
        this.parameters = parameters;
        this.data = data;
        this.seed = seed;
        try (GradMode _ = GradMode.off()) {
            this.newTask = new TaskMeter(manager, parameters, data.newTest(), true);
            this.oldTask = new TaskMeter(manager, parameters, data.oldTest(), false);
            this.weights = new WeightDistance(
                    manager, parameters, data.oldTrain().first(FISHER_IMAGES).inputs(), seed);
            this.oldAccuracy = oldTask.measure(parameters).accuracy();
        }
    }

    Parameters parameters() {
        return parameters;
    }

    VisionData data() {
        return data;
    }

    TaskMeter newTask() {
        return newTask;
    }

    TaskMeter oldTask() {
        return oldTask;
    }

    /// Its log-probabilities of all training images of the new task, `[n, C]`.
    synchronized double[] trainLogProbs() {
        if (logProbs.length == 0) {
            logProbs = trainLogProbs(parameters, data.newTrain());
        }
        return logProbs;
    }

    /// The log-probabilities that `model` gives all of `images`, `[n, C]`.
    static double[] trainLogProbs(Parameters model, Images images) {
        double[] all = new double[images.size() * Images.CLASSES];
        try (GradMode _ = GradMode.off()) {
            for (int from = 0; from < images.size(); from += CHUNK) {
                try (NDScope _ = new NDScope()) {
                    int length = Math.min(CHUNK, images.size() - from);
                    double[] part = LogProbs.of(Mlp.forward(model, Aten.narrow(images.inputs(), 0, from, length))
                            .logits());
                    System.arraycopy(part, 0, all, from * Images.CLASSES, part.length);
                }
            }
        }
        return all;
    }

    /// Measures `model` after `step` steps of a run.
    Point measure(String run, String method, int step, double learningRate, Parameters model) {
        TaskMeter.Result now = newTask.measure(model);
        TaskMeter.Result old = oldTask.measure(model);
        Map<String, Double> meters = new LinkedHashMap<>(now.meters());
        meters.putAll(weights.measure(model));
        old.meters().forEach((name, value) -> meters.put(MeterNames.OLD + name, value));
        return new Point(
                run,
                method,
                step,
                seed,
                learningRate,
                now.accuracy(),
                old.accuracy(),
                oldAccuracy - old.accuracy(),
                meters,
                Map.of("fashion_mnist", old.accuracy()));
    }
}
