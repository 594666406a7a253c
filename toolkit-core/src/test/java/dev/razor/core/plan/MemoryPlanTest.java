package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tensor.Dtype;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

    /// D 8, F 16, 2 layers, 2 heads of 4 channels sharing no key/value head, vocabulary 32, tied.
    ///
    /// Parameters a layer: q, k, v, o 4 x 64, biases 3 x 8, gate, up, down 3 x 128, norms 2 x 8: 680. In all
    /// 32 x 8 + 2 x 680 + 8 = 1624.
    private static final Qwen2Config SHAPE = new Qwen2Config(32, 8, 16, 2, 2, 2, 64, 1e-6, 10_000, true);

    private static final MemorySettings FLOAT32 =
            MemorySettings.of(false, Dtype.FLOAT32, new MemorySettings.Pass(3, 2, 5, 1, false));

    private static long part(MemoryPlan plan, String name) {
        return plan.lasting().stream()
                .filter(part -> part.name().startsWith(name))
                .mapToLong(MemoryPlan.Part::bytes)
                .sum();
    }

    private static MemoryPlan plan(MemorySettings settings) {
        return MemoryPlan.of(SHAPE, settings);
    }

    @Test
    void lasting_isTheSumMadeByHand() {
        MemoryPlan plan = plan(FLOAT32);
        assertThat(part(plan, "weights")).isEqualTo(1624 * 4);
        assertThat(part(plan, "gradients")).isEqualTo(1624 * 4);
        assertThat(part(plan, "AdamW")).isEqualTo(1624 * 8);
        assertThat(part(plan, "master")).isZero();
        assertThat(part(plan, "program")).isEqualTo(256 << 20);
        assertThat(plan.lastingBytes()).isEqualTo(1624 * 16 + (256 << 20));
    }

    @Test
    void lasting_inBfloat16_hasMasterCopies() {
        MemoryPlan plan = plan(FLOAT32.withDtype(Dtype.BFLOAT16));
        assertThat(part(plan, "weights")).isEqualTo(1624 * 2);
        assertThat(part(plan, "master")).isEqualTo(1624 * 4);
        assertThat(part(plan, "gradients")).isEqualTo(1624 * 2);
        assertThat(part(plan(FLOAT32.withMoments(Dtype.BFLOAT16)), "AdamW")).isEqualTo(1624 * 4);
    }

    /// Rank 2 on a layer: four of 8 + 8 and three of 8 + 16: 2 (64 + 72) = 272; two layers 544.
    @Test
    void lasting_withAnAdapter_hasNeitherGradientsNorMomentsOfTheWeights() {
        MemoryPlan plan = plan(FLOAT32.withDtype(Dtype.BFLOAT16).withLoraRank(2));
        assertThat(plan.trainedParameters()).isEqualTo(544);
        assertThat(part(plan, "weights")).isEqualTo(1624 * 2);
        assertThat(part(plan, "adapter")).isEqualTo(544 * 2);
        assertThat(part(plan, "gradients")).isEqualTo(544 * 2);
        assertThat(part(plan, "AdamW")).isEqualTo(544 * 8);
        assertThat(part(plan, "master")).isEqualTo(544 * 4);
    }

    /// Of 15 tokens a layer keeps: twice the norm's input, inner value and output (3 x 32) and two roots (8), query
    /// and attention's output in float64 (2 x 64), key and value (2 x 64), a log-sum-exp a head (2 x 8), the
    /// output in float32 (32), four wide tensors (4 x 64): 208 + 128 + 128 + 16 + 32 + 256 = 768 bytes each. One
    /// computed again keeps them beside three inputs.
    @Test
    void activations_areTheSumMadeByHand() {
        LayerActivations layer = new LayerActivations(SHAPE, FLOAT32);
        assertThat(layer.bytes()).isEqualTo(15 * 768);
        assertThat(plan(FLOAT32).phases().get(1).parts().getFirst().bytes()).isEqualTo(2 * 15 * 768);
        List<MemoryPlan.Part> recomputed =
                plan(FLOAT32.withRecompute(true)).phases().get(1).parts();
        assertThat(recomputed.get(0).bytes()).isEqualTo(3 * 15 * 32);
        assertThat(recomputed.get(2).bytes()).isEqualTo(15 * 768);
    }

    /// Shared key/value heads are repeated for each query head but on CUDA in bfloat16, where norms keep 2 (2 x
    /// 32
    /// + 16 + 8), query and output 2 x 16, one head's key and value 2 x 8, 8 of sums, and 4 x 32 of the wide
    /// ones.
    @Test
    void activations_ofSharedHeads_areThoseOfAllHeadsButOnCuda() {
        Qwen2Config shared = new Qwen2Config(32, 8, 16, 2, 2, 1, 64, 1e-6, 10_000, true);
        assertThat(new LayerActivations(shared, FLOAT32).bytes()).isEqualTo(15 * 768);
        MemorySettings gpu = MemorySettings.of(true, Dtype.BFLOAT16, new MemorySettings.Pass(3, 2, 5, 1, false));
        assertThat(new LayerActivations(shared, gpu).bytes()).isEqualTo(15 * (2 * 88 + 32 + 16 + 8 + 128));
    }

    @Test
    void total_growsWithWhateverIsAdded() {
        MemorySettings large = FLOAT32.withBatch(64, 1).withLength(64);
        long total = plan(large).total();
        assertThat(plan(large.withBatch(65, 1)).total()).isGreaterThan(total);
        assertThat(plan(large.withRecompute(true)).total()).isLessThan(total);
        assertThat(plan(large.withFrozen(1000, false)).total()).isEqualTo(total + 1000);
        assertThat(plan(large.withFrozen(1000, true)).total()).isEqualTo(total);
        MemoryPlan sampling = plan(FLOAT32.withSampling(1 << 20, 7));
        assertThat(sampling.peak().name()).isEqualTo("sampling");
        // two of two layers, two heads, four channels, eight bytes for each of 32 tokens, a slot of 7; 32 x 32 bytes of
        // logits; 2048 tokens of prompts
        assertThat(sampling.peak().bytes())
                .isEqualTo((1L << 20) * (32 * 2 * 2 * 2 * 4 * 8 + 32 * 32) + 2048 * 2 * 2 * 2 * 4 * 8);
        MemoryPlan few = plan(FLOAT32.withSampling(3, 40));
        MemoryPlan.Phase prompts = few.phases().get(3);
        assertThat(prompts.name()).isEqualTo("sampling: prompts");
        // three slots of 64 tokens, three prompts of 40; of 120 tokens a layer's 768 bytes each
        assertThat(prompts.bytes()).isEqualTo((3 * 64 + 3 * 40) * 256 + 120 * 768);
    }

    @Test
    void requireFits_namesWhatWouldHelpWithItsBytes() {
        MemorySettings large = FLOAT32.withBatch(4096, 1).withLength(256);
        DeviceMemory memory = new DeviceMemory("cpu", OptionalLong.of(300L << 20), "MemAvailable");
        MemoryPlan plan = plan(large);
        long saved = plan.total() - plan(large.withRecompute(true)).total();
        assertThatThrownBy(() -> plan.requireFits(memory))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("memory: the run needs %s and cpu has 300 MiB free (MemAvailable); "
                        .formatted(ByteText.of(plan.total())))
                .hasMessageContaining("gradient_checkpointing: true saves " + ByteText.of(saved))
                .hasMessageContaining("per_device_train_batch_size: 2048 with gradient_accumulation_steps: 2 saves")
                .hasMessageContaining("max_length: 128 saves")
                .hasMessageContaining("bring it to");
    }

    @Test
    void requireFits_saysNothingWhereItFitsOrNothingIsKnown() {
        MemoryPlan plan = plan(FLOAT32);
        assertThatCode(() -> plan.requireFits(new DeviceMemory("cpu", OptionalLong.of(plan.total()), "test")))
                .doesNotThrowAnyException();
        assertThatCode(() -> plan.requireFits(new DeviceMemory("cuda:0", OptionalLong.empty(), "test")))
                .doesNotThrowAnyException();
    }
}
