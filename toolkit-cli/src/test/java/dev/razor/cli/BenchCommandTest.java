package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));
    private static final Path SHAPE = HOME.resolve("examples/shapes/qwen2.5-3b");

    @TempDir
    private Path folder;

    private CommandFiles files;

    @BeforeEach
    void folder() {
        files = new CommandFiles(folder);
    }

    @Test
    void bench_printsATableAndWritesJson() throws IOException {
        Path config = files.write(
                "bench.yaml",
                "vocab_size: 64",
                "hidden_size: 32",
                "intermediate_size: 48",
                "num_hidden_layers: 2",
                "num_attention_heads: 4",
                "num_key_value_heads: 2",
                "max_length: 8",
                "decode_new_tokens: 4",
                "decode_batch_sizes: [2]",
                "rollout_prompts: 2",
                "rollout_completions: 3",
                "rollout_new_tokens: 4",
                "rollout_slots: 5");
        Path output = folder.resolve("out.json");
        CommandRun run = CommandRun.of(
                "bench", config, "--set", "measured_steps=2", "--device", "cpu", "--batch-size", 2, "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("2 sequences of 8 tokens", "loss and backward pass", "tokens/s", "share of a matrix product")
                .contains("planned memory", "decoding, batch 2", "rollout, 5 of 6 at a time", "one after the other")
                .doesNotContain("MFU");
        JsonNode json = CommandFiles.JSON.readTree(output.toFile());
        assertThat(json.path("training").path("tokens_per_second").asDouble()).isPositive();
        assertThat(json.path("provenance").path("command_line").get(0).asString())
                .isEqualTo("bench");
    }

    private Path sft(String... more) throws IOException {
        Path config = files.write(
                "sft.yaml",
                "model: " + SHAPE,
                "data: data.jsonl",
                "output: " + folder.resolve("run"),
                "learning_rate: 1e-5",
                String.join("\n", more));
        return config;
    }

    /// 3,085,938,688 parameters in bfloat16 with float32 moments take 16 bytes each: 46.0 GiB.
    @Test
    void plan_printsTheBytesOfARunThatDoesNotFit() throws IOException {
        Path output = folder.resolve("plan.json");
        CommandRun run = CommandRun.of(
                "bench", "--plan", sft("max_length: 32768"), "--device", "cpu", "--batch-size", 64, "--output", output);
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem())
                .startsWith("error: memory: the run needs ")
                .contains("gradient_checkpointing: true saves", "use_peft: true saves", "max_length: 16384 saves")
                .doesNotContain("\n");
        assertThat(run.out()).contains("3,085,938,688 parameters", "master copies, float32", "(the fullest)");
        JsonNode json = CommandFiles.JSON.readTree(output.toFile());
        long lasting = 0;
        for (JsonNode part : json.path("lasting_bytes")) {
            lasting += part.asLong();
        }
        assertThat(lasting - json.path("lasting_bytes").path("program").asLong())
                .isEqualTo(16 * 3_085_938_688L);
    }

    @Test
    void plan_ofGrpo_countsTheKeyValueCache() throws IOException {
        Path config = files.write(
                "grpo.yaml",
                "model: " + HOME.resolve("examples/quickstart/base"),
                "data: data.jsonl",
                "output: " + folder.resolve("run"),
                "reward: one_of",
                "num_generations: 4",
                "max_completion_length: 8",
                "beta: 0.1",
                "learning_rate: 1e-5");
        CommandRun run = CommandRun.of("bench", "--plan", config, "--device", "cpu");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("key/value cache", "mapped to files beside it");
    }

    @Test
    void plan_tellsTheFilesMistakes() throws IOException {
        CommandRun run = CommandRun.of("bench", "--plan", sft("warmup_step: 3"));
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem()).endsWith("warmup_step: unknown key; did you mean warmup_steps?");
        assertThat(CommandRun.of("bench", "--plan").problem())
                .isEqualTo("error: CONFIG.yaml: --plan needs the file of an sft, grpo or simpo run; give one");
    }

    @Test
    void memoryPage_isPrinted() {
        CommandRun run = CommandRun.of("bench", "--memory-page", SHAPE);
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("# Memory\n").contains("| all weights |");
    }

    @Test
    void bench_scoring_comparesSharedPrefixesWithNone() throws IOException {
        files.write(
                "data/hellaswag/val.jsonl",
                "{\"activity_label\": \"Baking bread\", \"ctx\": \"A woman kneads the dough on a table.\","
                        + " \"endings\": [\"She waits.\", \"She runs.\"], \"label\": 0}");
        Path output = folder.resolve("scoring.json");
        CommandRun run = CommandRun.of(
                "bench",
                "--scoring",
                HOME.resolve("golden/model-a"),
                "--data",
                folder.resolve("data"),
                "--tasks",
                "hellaswag",
                "--output",
                output);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("hellaswag, 0-shot, 2 requests", "greedy flags in 0");
        JsonNode json = CommandFiles.JSON.readTree(output.toFile()).path("hellaswag");
        assertThat(json.path("computed").asInt()).isLessThan(json.path("tokens").asInt());
        assertThat(json.path("other_greedy").asInt(-1)).isZero();
        assertThat(CommandRun.of("bench", "--scoring", HOME.resolve("golden/model-a"))
                        .problem())
                .isEqualTo("error: --data: --scoring needs the benchmarks' files, got none; give their folder");
    }
}
