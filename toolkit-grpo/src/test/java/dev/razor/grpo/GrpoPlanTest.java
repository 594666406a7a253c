package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class GrpoPlanTest {

    private static MemoryPlan plan(String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "reward: one_of";
        all[1] = "learning_rate: 1e-4";
        all[2] = "per_device_train_batch_size: 16";
        System.arraycopy(more, 0, all, 3, more.length);
        GrpoConfig config = GrpoTesting.config(Path.of("data.jsonl"), Path.of("run"), all);
        return GrpoPlan.of(config, DeviceMemory.of("cpu"), 10);
    }

    /// The exact KL holds both models' logits of a chunk; k3 holds the policy's alone. Both hold the base.
    @Test
    void plan_countsTheExactKl_andTheBase() {
        assertThat(plan("beta: 0.1", "kl_estimator: exact").settings().klPenalty())
                .isTrue();
        assertThat(plan("beta: 0.1").settings().klPenalty()).isFalse();
        // On a CPU the base stays mapped to its file.
        assertThat(plan("beta: 0.1").settings().frozen().mappedBytes()).isPositive();
        assertThat(plan().settings().frozen().mappedBytes()).isZero();
    }

    @Test
    void plan_countsTheSequencesThatAreDecodedTogether() {
        assertThat(plan("rollout_batch_size: 4").settings().sampling().sequences())
                .isEqualTo(4);
        assertThat(plan().settings().sampling().sequences()).isEqualTo(16);
    }
}
