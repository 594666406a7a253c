package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Whole runs with the rest of the SFT family: layouts, penalties, labels of a teacher, stop rules, tables.
final class WatchedRunTest {

    @TempDir
    private Path directory;

    private Path model;
    private Path data;
    private Path held;
    private Path prompts;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(directory.resolve("model"), TinyModel.config(784, true), 1, Dtype.FLOAT32, 1L << 30);
        data = Files.writeString(directory.resolve("data.jsonl"), lines(0, 8));
        held = Files.writeString(directory.resolve("held.jsonl"), lines(50, 54));
        prompts = Files.writeString(directory.resolve("prompts.jsonl"), """
                {"prompt": "20 + 2 ="}
                {"prompt": "The answer is"}
                """);
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"prompt\": \"%d + 2 =\", \"completion\": \" %d%s\"}\n"
                    .formatted(i, i + 2, " and so on".repeat(i % 3)));
        }
        return lines.toString();
    }

    private SftConfig config(String output, List<String> more) {
        List<String> settings = new ArrayList<>(List.of(
                "learning_rate: 3e-3",
                "save_steps: 0",
                "lr_scheduler_type: constant",
                "per_device_train_batch_size: 4"));
        for (String line : more) {
            settings.removeIf(given -> given.startsWith(line.substring(0, line.indexOf(':') + 1)));
            settings.add(line);
        }
        return SftTesting.config(model, data, directory.resolve(output), settings.toArray(String[]::new));
    }

    private List<ObjectNode> train(String output, String... more) {
        SftRun.start(config(output, List.of(more)), false, Progress.silent());
        return SftTesting.metrics(directory.resolve(output));
    }

    private static double number(ObjectNode line, String key) {
        assertThat(line.path(key).isNumber()).as("%s in %s", key, line).isTrue();
        return line.path(key).asDouble();
    }

    /// Packing, recomputation, micro-batches: the same curve, up to rounding that training magnifies.
    @ParameterizedTest
    @ValueSource(strings = {"packing: true", "gradient_checkpointing: true", "gradient_accumulation_steps: 2"})
    void layout_doesNotChangeTheCurve(String setting) {
        List<ObjectNode> plain = train("plain", "max_steps: 4", "per_device_train_batch_size: 8");
        String batch = "per_device_train_batch_size: " + (setting.contains("accumulation") ? 4 : 8);
        List<ObjectNode> other = train("other", "max_steps: 4", batch, setting);
        for (int i = 0; i < plain.size(); i++) {
            for (String key : List.of("loss", "grad_norm")) {
                assertThat(number(other.get(i), key)).as(key).isCloseTo(number(plain.get(i), key), within(1e-4));
            }
            assertThat(other.get(i).path("tokens")).isEqualTo(plain.get(i).path("tokens"));
        }
        assertThat(number(other.getFirst(), "loss")).isCloseTo(number(plain.getFirst(), "loss"), within(1e-5));
    }

    /// At the base the divergence and its gradient are zero; later a penalty keeps it lower.
    @ParameterizedTest
    @ValueSource(strings = {"forward", "reverse"})
    void beta_keepsTheModelNearItsBase(String direction) {
        String[] watched = {"max_steps: 12", "kl_prompts: " + prompts, "kl_max_new_tokens: 8"};
        List<ObjectNode> free = train("free", watched);
        List<ObjectNode> kept =
                train("kept", watched[0], watched[1], watched[2], "beta: 2.0", "kl_direction: " + direction);
        assertThat(number(kept.getFirst(), "kl")).isZero();
        assertThat(number(kept.getFirst(), "loss")).isEqualTo(number(free.getFirst(), "loss"));
        assertThat(number(kept.getFirst(), "grad_norm")).isEqualTo(number(free.getFirst(), "grad_norm"), within(1e-4));
        ObjectNode last = kept.getLast();
        assertThat(number(last, "loss")).isCloseTo(number(last, "nll") + 2 * number(last, "kl"), within(1e-9));
        assertThat(number(last, "forward_kl")).isLessThan(number(free.getLast(), "forward_kl"));
    }

    /// Training on other numbers makes held-out records likelier at first and then less likely.
    @Test
    void earlyStopping_endsTheRun() {
        List<ObjectNode> metrics = train(
                "run",
                "learning_rate: 3e-2",
                "max_steps: 60",
                "eval_data: " + held,
                "eval_steps: 2",
                "early_stopping_patience: 3");
        assertThat(metrics.size()).isLessThan(60).isEven();
        double best = metrics.stream()
                .filter(line -> line.has("eval_loss"))
                .mapToDouble(line -> number(line, "eval_loss"))
                .min()
                .orElseThrow();
        int last = metrics.size();
        assertThat(number(metrics.get(last - 7), "eval_loss")).isEqualTo(best);
        assertThat(metrics.getFirst().has("eval_loss")).isFalse();
        assertThat(TrainingOutput.finalModel(directory.resolve("run"))).exists();
    }

    @Test
    void klBudget_stopsTheRun() {
        List<ObjectNode> metrics = train(
                "run",
                "learning_rate: 1e-4",
                "max_steps: 60",
                "kl_prompts: " + prompts,
                "kl_budget: 0.5",
                "eval_steps: 1");
        assertThat(metrics.size()).isBetween(2, 59);
        for (ObjectNode line : metrics.subList(0, metrics.size() - 1)) {
            assertThat(number(line, "forward_kl")).isLessThanOrEqualTo(0.5);
        }
        assertThat(number(metrics.getLast(), "forward_kl")).isGreaterThan(0.5);
    }

    /// Every step that passes the budget is undone: the model ends within it, and its weights are those of the
    /// last look that was.
    @Test
    void klBudget_undoesSteps() {
        List<ObjectNode> metrics = train(
                "run",
                "learning_rate: 1e-4",
                "max_steps: 30",
                "kl_prompts: " + prompts,
                "eval_data: " + held,
                "eval_steps: 1",
                "kl_budget: 0.5",
                "kl_budget_action: undo");
        assertThat(metrics).hasSize(30);
        assertThat(metrics).anyMatch(line -> line.path("undone").asBoolean());
        assertThat(metrics).anyMatch(line -> !line.path("undone").asBoolean());
        for (ObjectNode line : metrics) {
            assertThat(line.path("undone").asBoolean()).isEqualTo(number(line, "forward_kl") > 0.5);
        }
        ObjectNode lastGood = metrics.reversed().stream()
                .filter(line -> !line.path("undone").asBoolean())
                .findFirst()
                .orElseThrow();
        // The published model, measured by a run that starts there with a rate too small to move it.
        model = TrainingOutput.finalModel(directory.resolve("run"));
        ObjectNode published = train("again", "max_steps: 1", "learning_rate: 1e-30", "eval_data: " + held)
                .getLast();
        assertThat(number(published, "eval_loss")).isEqualTo(number(lastGood, "eval_loss"));
    }

    /// Cut off between looks, with a teacher that is the model itself, early stopping and undoing all at once.
    @Test
    void resumed_withEverything_endsAsIfNothingHadHappened() throws IOException {
        // A base that has learned to answer with one token and to stop, right about every second time.
        Files.writeString(data, """
                {"prompt": "Digits:", "completion": "0"}
                {"prompt": "Digits:", "completion": "1"}
                {"prompt": "The answer is", "completion": "4"}
                {"prompt": "The answer is", "completion": "5"}
                """);
        train("base", "learning_rate: 1e-2", "max_steps: 60");
        model = TrainingOutput.finalModel(directory.resolve("base"));
        Files.writeString(data, """
                {"prompt": "Digits:", "answers": ["0"]}
                {"prompt": "The answer is", "answers": ["4"]}
                {"prompt": "Digits:", "answers": ["1"]}
                """);
        List<String> settings = List.of(
                "teacher: self",
                "reward: one_of",
                "max_samples: 40",
                "max_completion_length: 2",
                "per_device_train_batch_size: 2",
                "max_steps: 12",
                "save_steps: 3",
                "eval_steps: 2",
                "kl_prompts: " + prompts,
                "kl_budget: 1.0",
                "kl_budget_action: undo",
                "sample_prompts: " + prompts,
                "sample_steps: 4",
                "sample_max_new_tokens: 3",
                "optimizer_state_dtype: bfloat16");
        SftRun.start(config("whole", settings), false, Progress.silent());
        for (int killedAt : new int[] {2, 5, 8, 10}) {
            String output = "killed-" + killedAt;
            Progress killer = (what, done, _, _) -> {
                if (what.equals("step") && done == killedAt) {
                    throw new IllegalStateException("killed");
                }
            };
            assertThat(catchThrowableOfType(
                            IllegalStateException.class, () -> SftRun.start(config(output, settings), false, killer)))
                    .isNotNull();
            SftRun.start(config(output, settings), true, Progress.silent());
            assertThat(SftTesting.metrics(directory.resolve(output)))
                    .isEqualTo(SftTesting.metrics(directory.resolve("whole")));
            for (String file : List.of("final/model.safetensors", "samples.jsonl", "labels/epoch-1.jsonl")) {
                assertThat(directory.resolve(output).resolve(file))
                        .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
            }
        }
    }

    @Test
    void samples_areWrittenAsATable() {
        train("run", "max_steps: 5", "sample_prompts: " + prompts, "sample_steps: 2", "sample_max_new_tokens: 3");
        List<JsonRecord> lines = Jsonl.read(directory.resolve("run/samples.jsonl"));
        assertThat(lines).extracting(line -> line.integer("step")).containsExactly(2, 2, 4, 4, 5, 5);
        assertThat(lines.getFirst().text("prompt")).isEqualTo("20 + 2 =");
        assertThat(lines.getFirst().integer("tokens")).isBetween(1, 3);
        assertThat(lines.getFirst().text("finish_reason")).isIn("stop", "length");
    }
}
