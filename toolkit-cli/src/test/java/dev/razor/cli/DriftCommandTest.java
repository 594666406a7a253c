package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DriftCommandTest {

    private static final Path PERTURBED = Golden.directory().resolve("model-a-perturbed");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path texts;

    @BeforeEach
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String word : List.of("one", "two", "three", "four", "five", "six", "seven")) {
            lines.add("{\"text\": \"The number %s is here.\"}".formatted(word));
        }
        lines.add("{\"prompt\": \"And a prompt\"}");
        lines.add("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        texts = new CommandFiles(folder).write("texts.jsonl", lines.toArray(String[]::new));
    }

    private CommandRun drift(Path model, Object... more) {
        return CommandRun.of(Stream.concat(
                        Stream.of("drift", Golden.model(), model, "--output", folder.resolve("drift")), Stream.of(more))
                .toArray());
    }

    @Test
    void drift_writesEveryMeter() throws IOException {
        CommandRun run = drift(
                PERTURBED,
                "--weights",
                "--rank",
                "--angles",
                2,
                "--fisher",
                texts,
                "--max-new-tokens",
                3,
                "--activations",
                texts,
                "--representations",
                texts,
                "--neighbours",
                3);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("weight_l1", "weight_fisher_l2", "activation_l2", "cknna", "wrote ");
        JsonNode found =
                CommandFiles.JSON.readTree(folder.resolve("drift/drift.json").toFile());
        for (String name : List.of(
                "weight_l1",
                "weight_l2",
                "weight_relative_l2",
                "weight_spectral",
                "weight_fisher_l2",
                "activation_l1",
                "activation_l2",
                "cka",
                "cknna")) {
            assertThat(found.path(name).asDouble()).as(name).isPositive();
        }
        assertThat(found.path("weight_fisher_l2_ci95").size()).isEqualTo(2);
        assertThat(found.path("settings").path("model_hash").asString()).hasSize(64);
        List<JsonNode> weights = CommandFiles.lines(folder.resolve("drift/weights.jsonl"));
        double sum = 0;
        for (JsonNode line : weights) {
            sum += line.path("l1_sum").asDouble();
            if (line.path("shape").size() == 2) {
                assertThat(line.has("spectral") && line.has("rank")).isTrue();
            }
        }
        assertThat(sum).isEqualTo(found.path("weight_l1_sum").asDouble());
        assertThat(CommandFiles.lines(folder.resolve("drift/layers.jsonl"))
                        .getLast()
                        .path("layer")
                        .asString())
                .isEqualTo("norm");
    }

    @Test
    void drift_ofAModelAndItself_isZero() throws IOException {
        CommandRun run = drift(
                Golden.model(), "--weights", "--activations", texts, "--representations", texts, "--neighbours", 3);
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode found =
                CommandFiles.JSON.readTree(folder.resolve("drift/drift.json").toFile());
        for (String name : List.of("weight_l1", "weight_l2", "weight_spectral", "activation_l1", "activation_l2")) {
            assertThat(found.path(name).asDouble()).as(name).isZero();
        }
        assertThat(found.path("weight_unchanged").asDouble()).isEqualTo(1);
    }

    @Test
    void drift_mistakes_areOneLineAndLeaveNothing() throws IOException {
        CommandRun nothing = drift(PERTURBED);
        assertThat(nothing.exit()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(nothing.err())
                .isEqualToNormalizingNewlines("error: Missing a meter: give at least one of --weights, --fisher,"
                        + " --activations, --representations; see `razor drift --help`\n");
        assertThat(drift(PERTURBED, "--rank", "--activations", texts).problem())
                .isEqualTo("error: --rank: has no effect without --weights; see `razor drift --help`");
        assertThat(drift(PERTURBED, "--weights", "--samples", 2, "--max-new-tokens", 3)
                        .problem())
                .startsWith("error: --samples, --max-new-tokens: have no effect without --fisher;");
        assertThat(drift(PERTURBED, "--weights", "--max-length", 2).exit()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(drift(PERTURBED, "--activations", texts, "--neighbours", 2).exit())
                .isEqualTo(ExitCode.WRONG_USAGE);
        Path missing = folder.resolve("missing.jsonl");
        assertThat(drift(PERTURBED, "--activations", missing).problem())
                .isEqualTo("error: " + missing + ": cannot be read: there is no such file");
        // A fault of the last meter is told before the first has begun: no progress of weights is on the terminal.
        CommandRun few = drift(PERTURBED, "--weights", "--representations", texts);
        assertThat(few.err())
                .isEqualToNormalizingNewlines(
                        "error: --neighbours: 10 neighbours of a text need at least 11 texts, got 9 in %s; give more texts, or a smaller --neighbours\n"
                                .formatted(texts));
        assertThat(drift(PERTURBED, "--weights", "--angles", -1).problem())
                .isEqualTo("error: --angles: must be at least 0, got -1");
        assertThat(drift(folder, "--weights").exit()).isEqualTo(ExitCode.USER_ERROR);
        Path taken = Files.createDirectory(folder.resolve("drift"));
        assertThat(drift(PERTURBED, "--weights").problem())
                .isEqualTo("error: output: %s exists; choose another name, or move it away".formatted(taken));
        assertThat(new CommandFiles(folder).names()).containsExactly("drift", "texts.jsonl");
        assertThat(CommandRun.of("drift", "--help").out()).contains("Examples:", "razor drift");
    }
}
