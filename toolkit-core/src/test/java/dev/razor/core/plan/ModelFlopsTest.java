package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.model.qwen2.Qwen2Config;
import org.junit.jupiter.api.Test;

class ModelFlopsTest {

    /// The 1624 weights of the shape in MemoryPlanTest: 6 x 1624 + 12 x 2 x 8 x 5 = 10,704. An input table of its
    /// own (256 weights more) multiplies nothing.
    @Test
    void perToken_isTheSumMadeByHand() {
        assertThat(ModelFlops.perToken(new Qwen2Config(32, 8, 16, 2, 2, 2, 64, 1e-6, 10_000, true), 5))
                .isEqualTo(10_704);
        assertThat(ModelFlops.perToken(new Qwen2Config(32, 8, 16, 2, 2, 2, 64, 1e-6, 10_000, false), 5))
                .isEqualTo(10_704);
    }

    @Test
    void peak_isFoundByTheDevicesName() {
        assertThat(ModelFlops.peak("NVIDIA H100 80GB HBM3")).hasValue(989e12);
        assertThat(ModelFlops.peak("NVIDIA H100 PCIe")).hasValue(756e12);
        assertThat(ModelFlops.peak("NVIDIA H200")).hasValue(989e12);
        assertThat(ModelFlops.peak("NVIDIA A100-SXM4-80GB")).hasValue(312e12);
        assertThat(ModelFlops.peak("NVIDIA L4")).hasValue(121e12);
        assertThat(ModelFlops.peak("NVIDIA GeForce RTX 4090")).hasValue(165e12);
        assertThat(ModelFlops.peak("NVIDIA L40S")).isEmpty();
        assertThat(ModelFlops.peak("AMD EPYC")).isEmpty();
    }
}
