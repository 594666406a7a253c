package dev.razor.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryPageTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));
    private static final String SHAPE = "examples/shapes/qwen2.5-3b";

    /// After a change of the arithmetic: `./razor bench --memory-page examples/shapes/qwen2.5-3b >
    /// docs/memory.md`.
    @Test
    void page_isWhatTheCommandPrints() throws IOException {
        PlannedModel model = PlannedModel.read(HOME.resolve(SHAPE));
        assertThat(Files.readString(HOME.resolve("docs/memory.md")))
                .isEqualTo(MemoryPage.of("qwen2.5-3b", model.shape(), "razor bench --memory-page " + SHAPE));
    }

    /// Embedding 151936 x 2048; a layer 2 x 2048^2 + 2 x 256 x 2048 for q, o, k, v, 2048 + 2 x 256 biases,
    /// 3 x 2048 x 11008, two norms; 36 of them and a norm: 3,085,938,688, as its authors state (3.09B).
    @Test
    void shape_isThatOfQwen() {
        PlannedModel model = PlannedModel.read(HOME.resolve(SHAPE));
        long layer = 2L * 2048 * 2048 + 2L * 256 * 2048 + 2048 + 2 * 256 + 3L * 2048 * 11008 + 2 * 2048;
        assertThat(model.shape().parameterCount())
                .isEqualTo(151_936L * 2048 + 36 * layer + 2048)
                .isEqualTo(3_085_938_688L);
        assertThat(model.stored()).isEqualTo(Dtype.BFLOAT16);
    }

    @Test
    void bytes_areReadable() {
        assertThat(ByteText.of(0)).isEqualTo("0 B");
        assertThat(ByteText.of(1023)).isEqualTo("1023 B");
        assertThat(ByteText.of(1024)).isEqualTo("1.0 KiB");
        assertThat(ByteText.of(1536L << 20)).isEqualTo("1.5 GiB");
        assertThat(ByteText.of(200L << 30)).isEqualTo("200 GiB");
        assertThat(ByteText.of((1L << 30) - 1)).isEqualTo("1.0 GiB");
        assertThat(ByteText.of(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }
}
