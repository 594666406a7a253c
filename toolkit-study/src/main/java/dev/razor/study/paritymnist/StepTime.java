package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.optim.SchedulerType;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.tensor.Threads;
import java.util.ArrayList;
import java.util.List;

/// What a training step and a measurement take, by steps on made-up images that are made and timed on the spot.
///
/// @param step seconds of a step of the study's batch
/// @param usualStep seconds of a step of 64 images, of which what does not depend on the batch is a multiple
record StepTime(double step, double usualStep) {

    private static final int USUAL_BATCH = 64;

    /// A larger batch takes so many times longer as it is larger.
    private static final int TIMED_BATCH = 512;

    /// What one measurement takes, in usual steps.
    private static final int STEPS_A_MEASUREMENT = 45;

    /// What it takes to look at one step of the dynamics, in usual steps.
    private static final int STEPS_A_LOOK = 24;

    private static final int STEPS = 60;

    private static final int IMAGES = 4096;

    /// Takes the time of the study's network.
    ///
    /// @param batchSize images a step
    static StepTime measure(List<Integer> hiddenSizes, int batchSize) {
        Threads.one();
        try (NDManager manager = Tensors.newManager("cpu")) {
            int timed = Math.min(batchSize, TIMED_BATCH);
            double step = seconds(manager, hiddenSizes, timed) * batchSize / timed;
            return new StepTime(step, batchSize == USUAL_BATCH ? step : seconds(manager, hiddenSizes, USUAL_BATCH));
        }
    }

    /// Of a run that is measured `measurements` times.
    double ofRun(int steps, int measurements) {
        return steps * step + (double) STEPS_A_MEASUREMENT * measurements * usualStep;
    }

    /// Of steps that are looked at one by one.
    double ofDynamics(int steps) {
        return steps * (step + STEPS_A_LOOK * usualStep);
    }

    private static double seconds(NDManager manager, List<Integer> hiddenSizes, int batchSize) {
        List<Integer> sizes = new ArrayList<>(List.of(785));
        sizes.addAll(hiddenSizes);
        sizes.add(Images.CLASSES);
        int batches = Math.clamp(IMAGES / batchSize, 1, STEPS);
        int examples = batchSize * batches;
        long[] start = new long[1];
        try (NDManager own = manager.newSubManager()) {
            NDArray inputs = Tensors.zeros(own, Dtype.FLOAT32, examples, 785);
            inputs.addi(0.5);
            double[] targets = MethodLabels.labels(new byte[examples], 1);
            new Training(examples, batchSize, Math.ceilDiv(STEPS, batches), 1e-4, SchedulerType.CONSTANT, 0, 0)
                    .run(
                            STEPS,
                            Parameters.initial(own, sizes, 0),
                            inputs,
                            new Objective.Supervised(targets, false),
                            LogitLoss.PLAIN,
                            (step, _) -> {
                                if (step == STEPS / 3) {
                                    start[0] = System.nanoTime();
                                }
                            });
            return (System.nanoTime() - start[0]) * 1e-9 / (STEPS - STEPS / 3);
        }
    }
}
