package dev.razor.study.paritymnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxFileTest {

    private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6, 7, (byte) 255};

    @TempDir
    private Path folder;

    @Test
    void read_plainFile_givesSizesAndBytes() throws IOException {
        IdxFile file = IdxFile.read(written(TinyVision.idx(PIXELS, 2, 2, 2)), 3);

        assertThat(file.sizes()).isEqualTo(List.of(2, 2, 2));
        assertThat(file.bytes()).isEqualTo(PIXELS);
    }

    @Test
    void read_gzippedFile_isTheSame() throws IOException {
        byte[] plain = TinyVision.idx(PIXELS, 2, 2, 2);

        assertThat(IdxFile.read(written(gzipped(plain)), 3)).isEqualTo(IdxFile.read(written(plain), 3));
    }

    @Test
    void read_missingFile_saysWhatDataMustBe() {
        assertThatThrownBy(() -> IdxFile.read(folder.resolve("none.gz"), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.gz: cannot be read: there is no such file; data must be a folder");
    }

    @Test
    void read_labelsAsImages_isToldApart() throws IOException {
        assertFails(TinyVision.idx(new byte[] {1}, 1), "begins with 0x00000801, expected 0x00000803");
    }

    @Test
    void read_cutFiles_areToldInOneLine() throws IOException {
        byte[] whole = TinyVision.idx(PIXELS, 2, 2, 2);

        assertFails(Arrays.copyOf(whole, 20), "has 4 bytes of data, its header states 8");
        assertFails(Arrays.copyOf(whole, 7), "is cut short or damaged");
        assertFails(Arrays.copyOf(gzipped(whole), 12), "is cut short or damaged");
        assertFails(new byte[0], "is cut short or damaged");
    }

    @Test
    void read_moreThanTheHeaderStates_isRefused() throws IOException {
        assertFails(Arrays.copyOf(TinyVision.idx(PIXELS, 2, 2, 2), 30), "has more bytes of data, its header states 8");
    }

    @Test
    void read_absurdSizes_takeNoMemory() throws IOException {
        assertFails(TinyVision.idx(PIXELS, 1 << 20, 1 << 20, 2), "states the sizes [1048576, 1048576]");
        assertFails(TinyVision.idx(PIXELS, -1, 2, 2), "states the sizes [-1]");
    }

    private void assertFails(byte[] content, String message) throws IOException {
        Path path = written(content);
        assertThatThrownBy(() -> IdxFile.read(path, 3))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((DataException) e).problems(), InstanceOfAssertFactories.LIST)
                .hasSize(1)
                .allMatch(line -> !line.toString().contains("\n"));
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(folder.resolve("file-" + Arrays.hashCode(content)), content);
    }

    private static byte[] gzipped(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        }
        return bytes.toByteArray();
    }
}
