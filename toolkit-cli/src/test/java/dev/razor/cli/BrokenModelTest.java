package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A model with one weight that is not a number, as a run that diverged leaves it: no command gives a result of it.
class BrokenModelTest {

    private static final String WEIGHT = "model.layers.0.self_attn.o_proj.weight";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path broken;

    @BeforeEach
    void write() throws IOException {
        new CommandFiles(folder).write("in.jsonl", "{\"id\": \"a\", \"prompt\": \"One\", \"completion\": \" two\"}");
        new CommandFiles(folder).write("texts.jsonl", "{\"text\": \"One two\"}", "{\"text\": \"Three\"}");
        new CommandFiles(folder).write("one.jsonl", "{\"query\": \"One\", \"choices\": [\" a\", \" b\"], \"gold\": 0}");
        broken = copy("broken");
        spoil(broken, Float.NaN);
    }

    private Path copy(String name) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(Golden.model())) {
            for (Path file : files.toList()) {
                Files.write(directory.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return directory;
    }

    /// Puts `value` in the place of the weight's first entry.
    private static void spoil(Path model, float value) throws IOException {
        Path file = model.resolve("model.safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        JsonNode tensors = CommandFiles.JSON.readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
        bytes.putFloat(
                8 + header + tensors.path(WEIGHT).path("data_offsets").path(0).asInt(), value);
        Files.write(file, bytes.array());
    }

    private void isRefused(String problem, Object... arguments) throws IOException {
        Path output = folder.resolve("out");
        CommandRun run = CommandRun.of(Stream.concat(Stream.of(arguments), Stream.of("--output", output))
                .toArray());

        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.problem()).startsWith("error: ").contains(problem).hasLineCount(1);
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(output).doesNotExist();
    }

    @Test
    void score() throws IOException {
        isRefused(
                "id \"a\": the model's log-probability is not a number, got NaN; look for NaN in its weights",
                "score",
                broken,
                "--input",
                folder.resolve("in.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void generate(String temperature) throws IOException {
        isRefused(
                "generation: the model's log-probability of a token is not a number",
                "generate",
                broken,
                "--input",
                folder.resolve("in.jsonl"),
                "--max-new-tokens",
                2,
                "--temperature",
                temperature);
    }

    @Test
    void eval() throws IOException {
        isRefused(
                "one: document 0, choice 0: the model's log-likelihood is not a number",
                "eval",
                broken,
                "--tasks",
                "one",
                "--data",
                folder);
    }

    @Test
    void kl() throws IOException {
        isRefused(
                broken + ": the model's ",
                "kl",
                Golden.model(),
                broken,
                "--input",
                folder.resolve("in.jsonl"),
                "--samples",
                1,
                "--max-new-tokens",
                2);
    }

    @Test
    void driftOfActivations() throws IOException {
        isRefused(
                broken + ": the model's hidden state is not a number",
                "drift",
                Golden.model(),
                broken,
                "--activations",
                folder.resolve("texts.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    @Timeout(60)
    void driftOfWeights(float value) throws IOException {
        spoil(broken, value);
        isRefused(
                broken + ": tensor " + WEIGHT + " holds NaN or infinity", "drift", Golden.model(), broken, "--weights");
        isRefused(
                broken + ": tensor " + WEIGHT + " holds NaN or infinity", "drift", broken, Golden.model(), "--weights");
    }
}
