package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.data.EpochOrder;
import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/// The loop that all methods share, pre-training included: batches of images in a new order each epoch, the
/// weights of the classes by the method's [Objective], the gradient by hand, AdamW without weight decay.
///
/// @param examples an epoch has
/// @param batchSize images a step; the last step of an epoch takes what is left
/// @param epochs of the run
/// @param learningRate the highest
/// @param warmupRatio share of the steps in which it rises from zero
/// @param seed names the order of the images and the draws of labels
record Training(
        int examples,
        int batchSize,
        int epochs,
        double learningRate,
        SchedulerType scheduler,
        double warmupRatio,
        long seed) {

    /// Names the draws of labels among all other draws.
    private static final long LABELS = 0x4c41_4245_4cL;

    /// No batch is larger than all images.
    Training {
        batchSize = Math.min(batchSize, examples);
    }

    /// Is told after each step.
    interface Watcher {

        /// Hears of one step.
        ///
        /// @param step made so far, from 1 on
        /// @param loss of that step's batch, before it
        void after(int step, double loss);
    }

    int stepsPerEpoch() {
        return Math.ceilDiv(examples, batchSize);
    }

    int steps() {
        return epochs * stepsPerEpoch();
    }

    LearningRateSchedule schedule() {
        return new LearningRateSchedule(scheduler, learningRate, (int) Math.ceil(warmupRatio * steps()), steps(), 0);
    }

    /// Makes the first `steps` steps.
    ///
    /// @param parameters are trained in place
    /// @param inputs `[examples, n0]`
    void run(int steps, Parameters parameters, NDArray inputs, Objective objective, LogitLoss loss, Watcher watcher) {
        LearningRateSchedule schedule = schedule();
        EpochOrder order = EpochOrder.shuffled(examples, seed);
        double[] weights = new double[batchSize * Images.CLASSES];
        double[] byLogits = new double[batchSize * Images.CLASSES];
        try (GradMode _ = GradMode.off();
                NDManager manager = parameters.flat().getManager().newSubManager()) {
            Parameters gradient = Parameters.zeros(manager, parameters.sizes());
            FlatAdamW optimiser = new FlatAdamW(manager, parameters.flat(), gradient.flat());
            int[] epoch = {};
            for (int step = 0; step < steps; step++) {
                int within = step % stepsPerEpoch();
                if (within == 0) {
                    epoch = order.epoch(step / stepsPerEpoch());
                }
                int[] rows =
                        Arrays.copyOfRange(epoch, within * batchSize, Math.min((within + 1) * batchSize, examples));
                double lossNow;
                try (NDScope _ = new NDScope()) {
                    Mlp.Activations activations = Mlp.forward(parameters, Images.rows(inputs, rows));
                    double[] logProbs = LogProbs.of(activations.logits());
                    objective.weigh(rows, logProbs, Draws.generator(seed, LABELS, step), weights);
                    lossNow = loss.of(rows, logProbs, weights, byLogits);
                    Mlp.gradient(parameters, activations, tensor(manager, byLogits, rows.length), gradient);
                    optimiser.step(schedule.at(step));
                }
                watcher.after(step + 1, lossNow);
            }
        }
    }

    private static NDArray tensor(NDManager manager, double[] values, int rows) {
        NDArray tensor = Tensors.empty(manager, Dtype.FLOAT32, rows, Images.CLASSES);
        MemorySegment memory = Tensors.memory(tensor);
        for (int i = 0; i < rows * Images.CLASSES; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
        return tensor;
    }

    /// The steps after which a model is measured: every `share` of an epoch, and the last.
    List<Integer> measured(double share) {
        TreeSet<Integer> steps = new TreeSet<>();
        for (int i = 1; i * share <= epochs + 1e-9; i++) {
            steps.add((int) Math.max(1, Math.round(i * share * stepsPerEpoch())));
        }
        steps.add(steps());
        return List.copyOf(steps);
    }
}
