package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import dev.razor.core.base.ConfigException;
import java.util.Map;

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
        double norm = GradientClip.byGlobalNorm(parameters.values(), maxGradNorm);
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new ConfigException(
                    "learning_rate: the run diverged at step %d (loss %s, gradient norm %s) with a learning rate of %s; lower it, or raise warmup_steps"
                            .formatted(step, loss, norm, schedule.peak()));
        }
        double learningRate = schedule.at(step - 1);
        adamW.step(learningRate);
        return new Result(learningRate, norm);
    }

    @Override
    public void close() {
        adamW.close();
    }
}
