package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void ofFile_isTheStandardsDigest() throws IOException {
        // FIPS 180-4, example of "abc"
        Path file = Files.writeString(folder.resolve("f"), "abc");
        String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(Sha256.ofFile(file)).isEqualTo(expected);
        assertThat(Sha256.ofText("abc")).isEqualTo(expected);
    }

    @Test
    void ofFile_agreesWithTheGoldenSums() throws IOException {
        Path golden = Path.of(System.getProperty("razor.home"), "golden");
        for (String line : Files.readAllLines(golden.resolve("SHA256SUMS"))) {
            String[] sumAndName = line.split(" [ *]", 2);
            assertThat(Sha256.ofFile(golden.resolve(sumAndName[1]))).as(line).isEqualTo(sumAndName[0]);
        }
    }

    @Test
    void ofModel_isTheDigestOfWhatSha256sumPrints() {
        // cd golden/model-a && LC_ALL=C sha256sum config.json generation_config.json merges.txt model.safetensors
        //     tokenizer.json tokenizer_config.json vocab.json | sha256sum
        Path model = Path.of(System.getProperty("razor.home"), "golden", "model-a");
        assertThat(Sha256.ofModel(model)).isEqualTo("75d3000b8630047f76b85802ade5d842f250166421b419f04a723bf4e4724e57");
    }

    @Test
    void ofModel_seesWeightsAndNotOtherFiles() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("model-00001-of-00002.safetensors"), "a");
        String before = Sha256.ofModel(folder);
        Files.writeString(folder.resolve("README.md"), "x");
        Files.createDirectory(folder.resolve("x.safetensors"));
        assertThat(Sha256.ofModel(folder)).isEqualTo(before);
        Files.writeString(folder.resolve("model-00002-of-00002.safetensors"), "b");
        String both = Sha256.ofModel(folder);
        assertThat(both).isNotEqualTo(before);
        Files.writeString(folder.resolve("model-00001-of-00002.safetensors"), "b");
        Files.writeString(folder.resolve("model-00002-of-00002.safetensors"), "a");
        assertThat(Sha256.ofModel(folder)).isNotEqualTo(both);
    }

    @Test
    void of_namesWhatIsMissing() {
        assertThatThrownBy(() -> Sha256.ofFile(folder.resolve("f")))
                .isInstanceOf(DataException.class)
                .hasMessage("%s: cannot be read: there is no such file", folder.resolve("f"));
        assertThatThrownBy(() -> Sha256.ofModel(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("%s: holds no config.json; give a Hugging Face model directory", folder);
    }
}
