package dev.razor.core.data;

import dev.razor.core.base.Check;
import dev.razor.core.random.Draws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which examples each optimiser step takes: every epoch is a new seeded permutation of all examples, cut into
/// micro-batches, of which each step takes `accumulation` (the last of an epoch may have fewer, smaller ones).
///
/// The plan of a step depends on the seed and the step's number alone, so that a run can be continued anywhere.
///
/// @param examples how many there are
/// @param batchSize examples a micro-batch
/// @param accumulation micro-batches a step
public record StepPlan(int examples, int batchSize, int accumulation, long seed) {

    /// Names the permutations among all other draws.
    private static final long SHUFFLE = 0x5348_5546_464cL;

    public StepPlan {
        Check.that(examples > 0, "there are no examples to train on");
        Check.that(batchSize > 0, "per_device_train_batch_size must be positive, got %d", batchSize);
        Check.that(accumulation > 0, "gradient_accumulation_steps must be positive, got %d", accumulation);
    }

    /// Steps that one pass over the examples takes.
    public int stepsPerEpoch() {
        int microBatches = Math.ceilDiv(examples, batchSize);
        return Math.ceilDiv(microBatches, accumulation);
    }

    /// Steps of a run: `maxSteps` where it is positive, else as many as `epochs` take, rounded up.
    public int totalSteps(double epochs, int maxSteps) {
        return maxSteps > 0 ? maxSteps : (int) Math.ceil(epochs * stepsPerEpoch());
    }

    /// The micro-batches of step `step`, the first of which is 0, as indices of examples.
    public List<int[]> microBatches(int step) {
        int[] order = Draws.permutation(examples, seed, SHUFFLE, step / stepsPerEpoch());
        int first = step % stepsPerEpoch() * accumulation * batchSize;
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < accumulation && first < examples; i++, first += batchSize) {
            batches.add(Arrays.copyOfRange(order, first, Math.min(examples, first + batchSize)));
        }
        return batches;
    }
}
