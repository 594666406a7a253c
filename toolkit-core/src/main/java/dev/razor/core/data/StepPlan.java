package dev.razor.core.data;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which examples each optimiser step takes: every epoch's order is cut into micro-batches, of which each step
/// takes `accumulation` (the last of an epoch may have fewer, smaller ones).
///
/// The plan of a step depends on the order's seed and the step's number alone, so that a run can be continued
/// anywhere.
public final class StepPlan {

    private final EpochOrder order;
    private final int batchSize;
    private final int accumulation;

    /// The epoch that was asked for last; a step needs the one of the step before it most of the time.
    private volatile @Nullable Epoch current;

    private record Epoch(int number, int[] order) {}

    /// A plan for examples that are taken in a given order.
    ///
    /// @param batchSize examples a micro-batch
    /// @param accumulation micro-batches a step
    public StepPlan(EpochOrder order, int batchSize, int accumulation) {
        Check.that(batchSize > 0, "per_device_train_batch_size must be positive, got %d", batchSize);
        Check.that(accumulation > 0, "gradient_accumulation_steps must be positive, got %d", accumulation);
        this.order = order;
        this.batchSize = batchSize;
        this.accumulation = accumulation;
    }

    /// A plan in which every epoch is a new seeded permutation of all examples.
    public StepPlan(int examples, int batchSize, int accumulation, long seed) {
        this(EpochOrder.shuffled(examples, seed), batchSize, accumulation);
    }

    /// Examples that one epoch takes.
    public int examples() {
        return order.size();
    }

    /// Steps that one epoch takes.
    public int stepsPerEpoch() {
        int microBatches = Math.ceilDiv(examples(), batchSize);
        return Math.ceilDiv(microBatches, accumulation);
    }

    /// Steps of a run: `maxSteps` where it is positive, else as many as `epochs` take, rounded up.
    public int totalSteps(double epochs, int maxSteps) {
        return maxSteps > 0 ? maxSteps : (int) Math.ceil(epochs * stepsPerEpoch());
    }

    /// The micro-batches of step `step`, the first of which is 0, as indices of examples.
    public List<int[]> microBatches(int step) {
        int[] indices = epoch(step / stepsPerEpoch());
        long first = (long) (step % stepsPerEpoch()) * accumulation * batchSize;
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < accumulation && first < indices.length; i++, first += batchSize) {
            int end = (int) Math.min(indices.length, first + batchSize);
            batches.add(Arrays.copyOfRange(indices, (int) first, end));
        }
        return batches;
    }

    private int[] epoch(int number) {
        Epoch epoch = current;
        if (epoch == null || epoch.number() != number) {
            epoch = new Epoch(number, order.epoch(number));
            current = epoch;
        }
        return epoch.order();
    }
}
