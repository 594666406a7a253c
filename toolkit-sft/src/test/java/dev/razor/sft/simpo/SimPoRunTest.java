package dev.razor.sft.simpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Whole runs from a configuration: what they write, that they go on where they were cut off, and that they write
/// nothing when they cannot start.
final class SimPoRunTest {

    @TempDir
    private Path directory;

    private Path model;
    private Path data;
    private Path prompts;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(directory.resolve("model"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1L << 30);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            lines.append("{\"prompt\": \"%d + 2 =\", \"chosen\": \" %d\", \"rejected\": \" %d or so\"}\n"
                    .formatted(i, i + 2, i + 3));
        }
        data = Files.writeString(directory.resolve("pairs.jsonl"), lines);
        prompts = Files.writeString(directory.resolve("prompts.jsonl"), "{\"prompt\": \"20 + 2 =\"}\n");
    }

    private SimPoConfig config(String output, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "learning_rate: 1e-3",
                "max_steps: 9",
                "save_steps: 2",
                "per_device_train_batch_size: 2",
                "lr_scheduler_type: cosine"));
        for (String line : more) {
            settings.removeIf(given -> given.startsWith(line.substring(0, line.indexOf(':') + 1)));
            settings.add(line);
        }
        return SimPoTesting.config(model, data.toString(), directory.resolve(output), settings.toArray(String[]::new));
    }

    private Path run(String output, String... more) {
        SimPoRun.start(config(output, more), false, Progress.silent());
        return directory.resolve(output);
    }

    /// Stops a run from within, as a kill does.
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static Progress killAfter(int step) {
        return (what, done, _, _) -> {
            if (what.equals("step") && done == step) {
                throw new Killed();
            }
        };
    }

    private static Map<String, String> contents(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            Map<String, String> contents = new LinkedHashMap<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Killed before the first checkpoint, between two and behind one; with bfloat16, an adapter, a watch.
    @ParameterizedTest
    @CsvSource({
        "1, dtype: float32",
        "3, loss_type: simpo_printed",
        "4, dtype: bfloat16",
        "5, use_peft: true",
        "7, optimizer_state_dtype: bfloat16",
        "9, dtype: float32"
    })
    void resumed_endsAsIfNothingHadHappened(int killedAt, String setting) {
        String[] settings = {
            setting,
            "kl_prompts: " + prompts,
            "kl_max_new_tokens: 4",
            "kl_budget: 0.05",
            "kl_budget_action: undo",
            "eval_steps: 3",
            "sample_prompts: " + prompts,
            "sample_steps: 4",
            "sample_max_new_tokens: 3"
        };
        Path whole = run("whole", settings);
        SimPoConfig killed = config("killed", settings);
        assertThat(catchThrowableOfType(Killed.class, () -> SimPoRun.start(killed, false, killAfter(killedAt))))
                .isNotNull();
        SimPoRun.start(killed, true, Progress.silent());
        assertThat(SimPoTesting.metrics(killed.output())).isEqualTo(SimPoTesting.metrics(whole));
        assertThat(contents(TrainingOutput.finalModel(killed.output())))
                .isEqualTo(contents(TrainingOutput.finalModel(whole)));
        assertThat(killed.output().resolve("samples.jsonl")).hasSameBinaryContentAs(whole.resolve("samples.jsonl"));
    }

    @Test
    void run_writesWhatItsCommandPromises() throws IOException {
        Path output = run("run", "kl_prompts: " + prompts, "kl_max_new_tokens: 4");
        assertThat(TrainingOutput.checkpoint(output, 2).resolve("model.safetensors"))
                .exists();
        Path result = TrainingOutput.finalModel(output);
        assertThat(result.resolve("tokenizer.json")).exists();
        assertThat(Files.readString(result.resolve("README.md"))).contains("- simpo\n", "pairs.jsonl", "beta: 0.1\n");
        assertThat(Files.readString(output.resolve("config.yaml"))).contains("loss_type: \"simpo\"\n");
        List<ObjectNode> metrics = SimPoTesting.metrics(output);
        assertThat(metrics).hasSize(9);
        assertThat(metrics.get(1).propertyNames())
                .contains(
                        "step",
                        "loss",
                        "learning_rate",
                        "grad_norm",
                        "tokens",
                        "trained_tokens",
                        "rewards_chosen",
                        "rewards_rejected",
                        "rewards_margin",
                        "rewards_accuracy",
                        "logps_chosen",
                        "logps_rejected",
                        "forward_kl");
    }

    @Test
    void run_withAnAdapter_publishesOne() {
        Path result = TrainingOutput.finalModel(run("run", "use_peft: true", "lora_r: 2", "max_steps: 2"));
        assertThat(result.resolve("adapter_config.json")).exists();
        assertThat(result.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void run_thatHasPassedItsBudget_stops() {
        Path output = run(
                "run",
                "learning_rate: 1e-2",
                "max_steps: 40",
                "kl_prompts: " + prompts,
                "kl_budget: 0.2",
                "eval_steps: 1");
        assertThat(SimPoTesting.metrics(output).size()).isBetween(1, 39);
        assertThat(TrainingOutput.finalModel(output)).exists();
    }

    @Test
    void anotherFormula_isAnotherRun() {
        run("run");
        UserException e = catchThrowableOfType(
                UserException.class,
                () -> SimPoRun.start(config("run", "loss_type: simpo_printed"), true, Progress.silent()));
        assertThat(e).isNotNull();
        assertThat(String.join("\n", e.problems())).contains("loss_type was simpo, is simpo_printed");
    }

    @Test
    void badData_stopsTheRunBeforeAnythingIsWritten() throws IOException {
        Files.writeString(data, "{\"prompt\": \"a\", \"chosen\": \"b\"}\n");
        assertThat(catchThrowableOfType(DataException.class, () -> run("run"))).isNotNull();
        assertThat(directory.resolve("run")).doesNotExist();
    }

    /// A pair is two sequences of a forward pass: a pass of two pairs takes what one of four sequences takes.
    @Test
    void plan_countsBothSides() {
        DeviceMemory memory = DeviceMemory.of("cpu");
        MemoryPlan pairs = SimPoPlan.of(config("out"), memory, 40);
        assertThat(pairs.settings().pass().batch()).isEqualTo(2);
        MemoryPlan sequences =
                MemoryPlan.of(pairs.shape(), pairs.settings().withAnswers(1).withBatch(4, 1));
        assertThat(pairs.total()).isEqualTo(sequences.total());
        assertThat(pairs.total())
                .isGreaterThan(MemoryPlan.of(pairs.shape(), pairs.settings().withAnswers(1))
                        .total());
    }

    @Test
    void run_thatCannotFit_isRefusedBeforeAnythingIsLoaded() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> SimPoPlan.of(
                                config("out", "per_device_train_batch_size: 1000000", "max_length: 512"),
                                DeviceMemory.of("cpu"))
                        .requireFits(DeviceMemory.of("cpu")));
        assertThat(e).isNotNull();
        assertThat(e.problems())
                .singleElement()
                .asString()
                .contains("memory: ", "per_device_train_batch_size: 500000 with gradient_accumulation_steps: 2");
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
