package dev.razor.core.plan;

import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One change of a run's settings and the memory it saves.
///
/// @param change as it would stand in the configuration
/// @param bytes less than without it
record Saving(String change, long bytes) {

    private static final int LORA_RANK = 16;
    private static final int SHORTEST = 128;

    /// Those that save anything, the largest first.
    static List<Saving> of(MemoryPlan plan) {
        MemorySettings now = plan.settings();
        List<Saving> savings = new ArrayList<>();
        if (!now.pass().recompute()) {
            add(plan, "gradient_checkpointing: true", now.withRecompute(true), savings);
        }
        if (now.pass().batch() > 1) {
            MemorySettings halved = halved(now);
            add(
                    plan,
                    "per_device_train_batch_size: %d with gradient_accumulation_steps: %d"
                            .formatted(halved.pass().batch(), halved.pass().accumulation()),
                    halved,
                    savings);
        }
        if (now.pass().length() > SHORTEST) {
            int shorter = Math.max(SHORTEST, now.pass().length() / 2);
            add(plan, "max_length: " + shorter, now.withLength(shorter), savings);
        }
        if (now.moments() == Dtype.FLOAT32) {
            add(plan, "optimizer_state_dtype: bfloat16", now.withMoments(Dtype.BFLOAT16), savings);
        }
        if (now.dtype() == Dtype.FLOAT32) {
            add(plan, "dtype: bfloat16", now.withDtype(Dtype.BFLOAT16), savings);
        }
        if (now.loraRank() == 0) {
            add(plan, "use_peft: true", now.withLoraRank(LORA_RANK), savings);
        }
        savings.sort(Comparator.comparingLong(Saving::bytes).reversed());
        return savings;
    }

    /// The plan with every change at once, and one sequence a forward pass.
    static MemoryPlan together(MemoryPlan plan) {
        MemorySettings now = plan.settings();
        int rank = now.loraRank() == 0 ? LORA_RANK : now.loraRank();
        return MemoryPlan.of(
                plan.shape(),
                now.withRecompute(true)
                        .withBatch(1, now.pass().batch() * now.pass().accumulation())
                        .withLength(Math.min(
                                now.pass().length(),
                                Math.max(SHORTEST, now.pass().length() / 2)))
                        .withMoments(Dtype.BFLOAT16)
                        .withDtype(Dtype.BFLOAT16)
                        .withLoraRank(rank));
    }

    String text() {
        return "%s saves %s".formatted(change, ByteText.of(bytes));
    }

    /// Half the sequences a pass and so many passes that a step has no fewer.
    private static MemorySettings halved(MemorySettings now) {
        int half = now.pass().batch() / 2;
        return now.withBatch(half, Math.ceilDiv(now.pass().batch() * now.pass().accumulation(), half));
    }

    private static void add(MemoryPlan plan, String change, MemorySettings settings, List<Saving> savings) {
        long saved = plan.total() - MemoryPlan.of(plan.shape(), settings).total();
        if (saved > 0) {
            savings.add(new Saving(change, saved));
        }
    }
}
