package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import tools.jackson.databind.node.ObjectNode;

class KlCommandTest {

    private static final Path PERTURBED = Golden.directory().resolve("model-a-perturbed");
    private static final List<String> NAMES =
            List.of("forward_kl", "reverse_kl", "total_variation", "l2", "jensen_shannon");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private CommandFiles files;

    @BeforeEach
    void open() {
        files = new CommandFiles(folder);
    }

    private Path goldenSequences() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode one : Golden.json("divergence.json").path("sequences")) {
            ObjectNode line = CommandFiles.JSON.createObjectNode().put("id", "s" + lines.size());
            line.set("prompt_ids", one.path("prompt_ids"));
            line.set("completion_ids", one.path("completion_ids"));
            lines.add(line.toString());
        }
        return files.write("sequences.jsonl", lines.toArray(String[]::new));
    }

    private JsonNode kl(Path model, String source, Path input, Object... more) throws IOException {
        Path output = folder.resolve("kl.json");
        Files.deleteIfExists(output);
        Files.deleteIfExists(folder.resolve("kl.sequences.jsonl"));
        List<Object> arguments =
                new ArrayList<>(List.of("kl", Golden.model(), model, source, input, "--output", output));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("forward_kl", "wrote " + output);
        return CommandFiles.JSON.readTree(output.toFile());
    }

    @Test
    void kl_ofGivenSequences_matchesTheReference() throws IOException {
        JsonNode found = kl(PERTURBED, "--sequences", goldenSequences());
        JsonNode reference = Golden.json("divergence.json");
        JsonNode aggregate = reference.path("aggregate");
        for (String name : NAMES.subList(0, 4)) {
            JsonNode token = found.path(name).path("per_token");
            JsonNode sequence = found.path(name).path("per_sequence");
            assertThat(token.path("mean").asDouble())
                    .isCloseTo(
                            aggregate
                                    .path("mean_per_completion_token")
                                    .path(name)
                                    .asDouble(),
                            within(1e-4));
            assertThat(sequence.path("mean").asDouble())
                    .isCloseTo(
                            aggregate.path("mean_per_sequence_sum").path(name).asDouble(), within(1e-3));
            assertThat(token.path("mean").asDouble())
                    .isBetween(
                            token.path("ci95").get(0).asDouble(),
                            token.path("ci95").get(1).asDouble());
        }
        assertThat(found.path("counts").path("prompts").asInt()).isEqualTo(4);
        assertThat(found.path("counts").path("tokens").asInt())
                .isEqualTo(aggregate.path("completion_tokens").asInt());
        assertThat(found.has("forward_kl_sampled")).isFalse();
        JsonNode settings = found.path("settings");
        assertThat(settings.path("base_hash").asString())
                .hasSize(64)
                .isNotEqualTo(settings.path("model_hash").asString());
        assertThat(settings.path("dtype").asString()).isEqualTo("float32");
        List<JsonNode> lines =
                CommandFiles.lines(folder.resolve(found.path("sequences_file").asString()));
        assertThat(lines.stream().map(line -> line.path("id").asString())).containsExactly("s0", "s1", "s2", "s3");
        for (int i = 0; i < lines.size(); i++) {
            JsonNode sums = reference.path("sequences").get(i).path("sum_over_completion_positions");
            assertThat(lines.get(i).path("forward_kl").asDouble())
                    .isCloseTo(sums.path("forward_kl").asDouble(), within(1e-3));
        }
    }

    /// Two lines of one prompt are one prompt in the resampling.
    @Test
    void kl_ofGivenSequences_groupsEqualPrompts() throws IOException {
        Path input = files.write(
                "sequences.jsonl",
                "{\"prompt_ids\": [1, 2], \"completion_ids\": [3]}",
                "{\"prompt_ids\": [1, 2], \"completion_ids\": [4, 5]}",
                "{\"prompt\": \"Hello\", \"completion\": \" world\"}");
        JsonNode found = kl(PERTURBED, "--sequences", input);
        assertThat(found.path("counts").path("prompts").asInt()).isEqualTo(2);
        assertThat(found.path("counts").path("sequences").asInt()).isEqualTo(3);
        assertThat(found.path("counts").path("tokens").asInt()).isEqualTo(6);
    }

    @Test
    void kl_ofAModelAndItself_isZero() throws IOException {
        Path prompts = files.write("prompts.jsonl", "{\"prompt\": \"Hello\"}", "{\"prompt\": \"The answer is\"}");
        for (JsonNode found : List.of(
                kl(Golden.model(), "--sequences", goldenSequences()),
                kl(Golden.model(), "--input", prompts, "--samples", 3, "--max-new-tokens", 5))) {
            for (String name : NAMES) {
                assertThat(found.path(name).path("per_token").toString())
                        .as(name)
                        .isEqualTo("{\"mean\":0.0,\"ci95\":[0.0,0.0]}");
            }
        }
    }

    @Test
    void kl_sampled_countsAndListsItsSamples() throws IOException {
        Path prompts = files.write(
                "prompts.jsonl",
                "{\"id\": \"a\", \"prompt\": \"Hello\"}",
                "{\"id\": \"b\", \"prompt\": \"Hello\"}",
                "{\"id\": \"c\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        Object[] options = {"--samples", 2, "--max-new-tokens", 4, "--seed", 9};
        JsonNode found = kl(PERTURBED, "--input", prompts, options);
        assertThat(found.path("forward_kl").path("per_token").path("mean").asDouble())
                .isPositive();
        assertThat(found.path("reverse_kl").path("per_token").path("mean").asDouble())
                .isPositive();
        assertThat(found.has("forward_kl_sampled")).isTrue();
        assertThat(found.path("counts").path("prompts").asInt()).isEqualTo(3);
        assertThat(found.path("counts").path("sequences").asInt()).isEqualTo(6);
        assertThat(found.path("settings").path("samples").asInt()).isEqualTo(2);
        assertThat(found.path("settings").path("max_new_tokens").asInt()).isEqualTo(4);
        assertThat(found.path("settings").path("seed").asInt()).isEqualTo(9);
        List<JsonNode> lines = CommandFiles.lines(folder.resolve("kl.sequences.jsonl"));
        assertThat(lines.stream().map(line -> line.path("id").asString()))
                .containsExactly("a", "a", "b", "b", "c", "c", "a", "a", "b", "b", "c", "c");
        assertThat(lines.get(0).path("completion_ids"))
                .isNotEqualTo(lines.get(2).path("completion_ids"));
        double sum = lines.stream()
                .filter(line -> line.path("sampled_from").asString().equals("base"))
                .mapToDouble(line -> line.path("forward_kl").asDouble())
                .sum();
        assertThat(found.path("forward_kl").path("per_sequence").path("mean").asDouble())
                .isCloseTo(sum / 6, within(1e-12));
        assertThat(kl(PERTURBED, "--input", prompts, options)).isEqualTo(found);
    }

    @Test
    void kl_map_isAPage() throws IOException {
        Path texts = files.write("texts.jsonl", "{\"text\": \"Hello <world>\"}");
        Path output = folder.resolve("map.html");
        CommandRun run = CommandRun.of("kl", Golden.model(), PERTURBED, "--map", texts, "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("wrote " + output);
        assertThat(Files.readString(output))
                .contains("<!DOCTYPE html>", "&lt;", "--k:")
                .doesNotContain("<world>");
    }

    @Test
    void kl_mistakes_areOneLineAndLeaveNothing() throws IOException {
        Path prompts = files.write("prompts.jsonl", "{\"prompt\": \"Hello\"}");
        Path output = folder.resolve("kl.json");
        Path missing = folder.resolve("missing.jsonl");
        Path noCompletion = files.write("bare.jsonl", "{\"prompt\": \"Hello\"}");
        check(output, missing + ": cannot be read: there is no such file", "--input", missing);
        check(
                output,
                noCompletion + ":1: has no completion; give exactly one of completion and completion_ids",
                "--sequences",
                noCompletion);
        check(output, "--samples: must be at least 1, got 0", "--input", prompts, "--samples", 0);
        check(
                prompts,
                "output: %s exists; choose another name, or move it away".formatted(prompts),
                "--input",
                prompts);
        assertThat(files.names()).containsExactly("bare.jsonl", "prompts.jsonl");
    }

    private static void check(Path output, String problem, Object... more) {
        CommandRun run = CommandRun.of(
                Stream.concat(Stream.of("kl", Golden.model(), PERTURBED, "--output", output), Stream.of(more))
                        .toArray());
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).isEqualTo("error: " + problem);
    }

    @Test
    void kl_ofOtherVocabularies_isRefused() throws IOException {
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer_config.json")) {
            Files.copy(Golden.model().resolve(file), other.resolve(file));
        }
        Files.writeString(
                other.resolve("tokenizer.json"),
                Files.readString(Golden.model().resolve("tokenizer.json")).replace("<|im_end|>", "<|end|>"));
        CommandRun run = CommandRun.of(
                "kl", Golden.model(), other, "--sequences", goldenSequences(), "--output", folder.resolve("kl.json"));
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).contains("token 748 is '<|end|>'").doesNotContain("\n");
    }

    @Test
    void kl_needsExactlyOneSource() {
        assertThat(CommandRun.of("kl", "./a", "./b", "--output", "c").exit()).isEqualTo(2);
        assertThat(CommandRun.of("kl", "./a", "./b", "--output", "c", "--input", "d", "--sequences", "e")
                        .exit())
                .isEqualTo(2);
        assertThat(CommandRun.of("kl", "./a", "./b", "--output", "c", "--samples", 3, "--sequences", "e")
                        .exit())
                .isEqualTo(2);
        assertThat(CommandRun.of("kl", "--help").out()).contains("Example:", "razor kl");
    }
}
