package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private GrpoConfig config(String output) throws IOException {
        Path data = directory.resolve("data.jsonl");
        if (!Files.exists(data)) {
            Files.writeString(data, """
                    {"prompt": "a", "answers": ["b"]}
                    {"prompt": "c", "answers": [" d"]}
                    {"prompt": "e", "answers": ["f"]}
                    """);
        }
        return GrpoTesting.config(data, directory.resolve(output), SETTINGS);
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

    @Test
    void resumed_afterTheEnd_doesNothing() throws IOException {
        GrpoRun.start(config("whole"), true, Progress.silent());
        GrpoRun.start(config("whole"), true, (_, _, _, _) -> {
            throw new AssertionError("a finished run went on");
        });
    }
}
