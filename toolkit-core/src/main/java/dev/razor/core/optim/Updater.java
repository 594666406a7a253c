package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.ConfigException;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/// One optimiser step from gathered gradients: clip, look for numbers that are none, update.
public final class Updater implements AutoCloseable {

    private final Map<String, NDArray> parameters;
    private final AdamW adamW;
    private final LearningRateSchedule schedule;
    private final double maxGradNorm;

    public Updater(
            Map<String, NDArray> parameters,
            AdamW.Settings settings,
            LearningRateSchedule schedule,
            double maxGradNorm) {
        this.parameters = parameters;
        this.adamW = new AdamW(parameters, settings);
        parameters.values().forEach(Tensors::allocateGradient);
        this.schedule = schedule;
        this.maxGradNorm = maxGradNorm;
    }

    /// What a step used.
    ///
    /// @param gradNorm the gradients' global norm before clipping
    public record Result(double learningRate, double gradNorm) {}

    /// Makes step number `step`, the first of which is 1, after a backward pass with the given loss.
    ///
    /// @throws ConfigException if loss or gradients are not finite: the run has diverged
    public Result update(int step, double loss) {
        double norm = GradientClip.norm(parameters.values());
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw diverged(step, "loss %s, gradient norm %s".formatted(loss, norm));
        }
        double learningRate = schedule.at(step - 1);
        adamW.step(learningRate, GradientClip.factor(norm, maxGradNorm));
        return new Result(learningRate, norm);
    }

    /// Lets step number `step` pass without a change.
    public Result skip(int step) {
        return new Result(schedule.at(step - 1), 0);
    }

    /// Looks at the weights after step `step`, the last of which no loss judges: call it before they are
    /// published.
    ///
    /// @throws ConfigException if one is not finite
    public void requireFinite(int step, double loss) {
        for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
            try (NDScope _ = new NDScope();
                    GradMode _ = GradMode.off()) {
                // Zero times anything finite is zero, and NaN otherwise.
                float sum = Aten.to(parameter.getValue().mul(0).sum(), Dtype.FLOAT32)
                        .getFloat();
                if (sum != 0) {
                    throw diverged(step, "loss %s, but %s is no longer finite".formatted(loss, parameter.getKey()));
                }
            }
        }
    }

    /// Updates made so far.
    public int steps() {
        return adamW.steps();
    }

    /// What a continued run needs; see [AdamW#state].
    public SequencedMap<String, NDArray> state() {
        return adamW.state();
    }

    /// See [AdamW#restore].
    public void restore(int stepsMade, BiFunction<String, NDArray, NDArray> stored) {
        adamW.restore(stepsMade, stored);
    }

    private ConfigException diverged(int step, String found) {
        return new ConfigException(
                "learning_rate: the run diverged at step %d (%s) with a learning rate of %s; lower it, or raise warmup_steps"
                        .formatted(step, found, schedule.peak()));
    }

    @Override
    public void close() {
        adamW.close();
    }
}
