package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A GRPO run whose rollouts serve four steps each, with a base, cut off and resumed.
final class GrpoResumeTest {

    private static final String[] SETTINGS = {
        "learning_rate: 1e-3",
        "reward: one_of",
        "beta: 0.1",
        "num_generations: 2",
        "generation_batch_size: 8",
        "num_iterations: 2",
        "max_completion_length: 3",
        "per_device_train_batch_size: 4",
        "max_steps: 10",
        "save_steps: 1"
    };

    @TempDir
    private Path directory;

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Rollouts that draw further prompts, and looks at the forward KL.
    private static final String[] WATCHED = {
        "learning_rate: 1e-3",
        "reward: one_of",
        "beta: 0.1",
        "dynamic_sampling: refill",
        "max_generation_batches: 3",
        "num_generations: 2",
        "generation_batch_size: 8",
        "num_iterations: 2",
        "max_completion_length: 1",
        "per_device_train_batch_size: 4",
        "max_steps: 10",
        "save_steps: 1",
        "eval_steps: 2",
        "kl_max_new_tokens: 3",
        "completions_steps: 1"
    };

    private static Stream<String> letters() {
        return IntStream.rangeClosed('a', 'z').mapToObj(Character::toString);
    }

    private GrpoConfig config(String output) throws IOException {
        return config(output, SETTINGS);
    }

    private GrpoConfig config(String output, String... settings) throws IOException {
        Path data = directory.resolve("data.jsonl");
        if (!Files.exists(data)) {
            // Right is what begins with a letter and has at most two: so is about every third token.
            String right = Stream.concat(
                            letters(), letters().flatMap(a -> letters().map(b -> a + b)))
                    .collect(Collectors.joining("\", \"", "\"", "\""));
            Files.writeString(data, """
                    {"prompt": "a", "answers": [%1$s]}
                    {"prompt": "c", "answers": [%1$s]}
                    {"prompt": "e", "answers": [%1$s]}
                    """.formatted(right));
        }
        return GrpoTesting.config(data, directory.resolve(output), settings);
    }

    private static List<JsonNode> withoutClock(Path output) {
        List<JsonNode> lines = GrpoTesting.metrics(output);
        lines.forEach(line -> ((ObjectNode) line).remove("tokens_per_second"));
        return lines;
    }

    /// At the end of a rollout's steps, and after each of the others.
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void resumed_endsAsIfNothingHadHappened(int killedAt) throws IOException {
        GrpoRun.start(config("whole"), false, Progress.silent());
        GrpoConfig config = config("killed");
        Progress killer = (_, done, _, _) -> {
            if (done == killedAt + 1) {
                throw new Killed();
            }
        };
        assertThat(catchThrowableOfType(Killed.class, () -> GrpoRun.start(config, false, killer)))
                .isNotNull();
        GrpoRun.start(config, true, Progress.silent());
        assertThat(withoutClock(directory.resolve("killed"))).isEqualTo(withoutClock(directory.resolve("whole")));
        assertThat(TrainingOutput.finalModel(directory.resolve("killed")).resolve("model.safetensors"))
                .hasSameBinaryContentAs(
                        TrainingOutput.finalModel(directory.resolve("whole")).resolve("model.safetensors"));
    }

    /// A KL in the reward, which the policy that sampled has decided.
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void resumed_withAKlInTheReward_endsAsIfNothingHadHappened(int killedAt) throws IOException {
        String[] settings = Arrays.copyOf(SETTINGS, SETTINGS.length + 2);
        settings[SETTINGS.length] = "kl_in: reward";
        settings[SETTINGS.length + 1] = "kl_estimator: k1";
        GrpoRun.start(config("whole", settings), false, Progress.silent());
        GrpoConfig config = config("killed", settings);
        Progress killer = (_, done, _, _) -> {
            if (done == killedAt + 1) {
                throw new Killed();
            }
        };
        assertThat(catchThrowableOfType(Killed.class, () -> GrpoRun.start(config, false, killer)))
                .isNotNull();
        GrpoRun.start(config, true, Progress.silent());
        assertThat(withoutClock(directory.resolve("killed"))).isEqualTo(withoutClock(directory.resolve("whole")));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void resumed_withRefillsAndLooks_endsAsIfNothingHadHappened(int killedAt) throws IOException {
        String[] settings = Arrays.copyOf(WATCHED, WATCHED.length + 1);
        settings[WATCHED.length] = "kl_prompts: " + directory.resolve("data.jsonl");
        GrpoRun.start(config("whole", settings), false, Progress.silent());
        GrpoConfig config = config("killed", settings);
        Progress killer = (what, done, _, _) -> {
            if (what.equals("step") && done == killedAt + 1) {
                throw new Killed();
            }
        };
        assertThat(catchThrowableOfType(Killed.class, () -> GrpoRun.start(config, false, killer)))
                .isNotNull();
        GrpoRun.start(config, true, Progress.silent());
        assertThat(withoutClock(directory.resolve("killed"))).isEqualTo(withoutClock(directory.resolve("whole")));
        assertThat(directory.resolve("killed/completions.jsonl"))
                .hasSameTextualContentAs(directory.resolve("whole/completions.jsonl"));
        assertThat(TrainingOutput.finalModel(directory.resolve("killed")).resolve("model.safetensors"))
                .hasSameBinaryContentAs(
                        TrainingOutput.finalModel(directory.resolve("whole")).resolve("model.safetensors"));
        assertThat(GrpoTesting.metrics(directory.resolve("whole")))
                .filteredOn(line -> line.has("forward_kl"))
                .hasSize(10);
        assertThat(GrpoTesting.metrics(directory.resolve("whole")))
                .as("groups that teach, and batches drawn for them")
                .anyMatch(line -> line.path("live_completions").asInt() > 0
                        && line.path("generation_batches").asInt() > 1);
    }

    /// A budget that the first look after the first step passes.
    @Test
    void start_beyondTheKlBudget_stops() throws IOException {
        String[] settings = Arrays.copyOf(WATCHED, WATCHED.length + 2);
        settings[WATCHED.length] = "kl_prompts: " + directory.resolve("data.jsonl");
        settings[WATCHED.length + 1] = "kl_budget: 1e-9";
        GrpoRun.start(config("stopped", settings), false, Progress.silent());
        List<JsonNode> metrics = GrpoTesting.metrics(directory.resolve("stopped"));
        assertThat(metrics.size()).isBetween(1, 3);
        assertThat(metrics.getLast().path("forward_kl").asDouble()).isGreaterThan(1e-9);
        assertThat(TrainingOutput.finalModel(directory.resolve("stopped"))).exists();
    }

    @Test
    void resumed_afterTheEnd_doesNothing() throws IOException {
        GrpoRun.start(config("whole"), true, Progress.silent());
        GrpoRun.start(config("whole"), true, (_, _, _, _) -> {
            throw new AssertionError("a finished run went on");
        });
    }
}
