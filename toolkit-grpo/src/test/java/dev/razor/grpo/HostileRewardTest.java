package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A training run whose reward is a program that, completion by completion, hangs, breaks down, prints what is no
/// number, or forks a child that holds its output: the step ends in time, and what failed is counted.
final class HostileRewardTest {

    @TempDir
    private Path directory;

    /// By the record's `n`: 0 hangs, 1 ends at once, 2 gives NaN, 3 forks and answers; then each third answers.
    private static final String SCRIPT = """
            while read -r line; do
              id=$(printf '%s' "$line" | sed 's/.*"id": *\\([0-9]*\\).*/\\1/')
              n=$(printf '%s' "$line" | sed 's/.*"n": *\\([0-9]*\\).*/\\1/')
              case "$n" in
                0) sleep 1000 ;;
                1) exit 7 ;;
                2) echo "{\\"id\\": $id, \\"reward\\": NaN}" ;;
                3) (sleep 1000 & sleep 1000) & echo "{\\"id\\": $id, \\"reward\\": 1.0}" ;;
                *) echo "{\\"id\\": $id, \\"reward\\": 0.5}" ;;
              esac
            done
            """;

    @Test
    void train_withAHostileReward_endsInTimeWithTheRightCounts() throws IOException {
        assumeThat(Path.of("/bin/sh")).exists();
        Path script = Files.writeString(directory.resolve("hostile.sh"), SCRIPT);
        StringBuilder records = new StringBuilder();
        for (int n = 0; n < 8; n++) {
            records.append("{\"prompt_ids\": [%d, 220], \"n\": %d}\n".formatted(50 + n, n));
        }
        Path data = Files.writeString(directory.resolve("data.jsonl"), records);
        Path output = directory.resolve("run");
        GrpoConfig config = GrpoTesting.config(
                data,
                output,
                "reward: \"program:/bin/sh %s\"".formatted(script),
                "reward_timeout: 0.3",
                "learning_rate: 1e-4",
                "num_generations: 2",
                "per_device_train_batch_size: 16",
                "max_completion_length: 2",
                "log_completions: 16",
                "max_steps: 1");
        long start = System.nanoTime();
        GrpoRun.start(config, false, Progress.silent());
        assertThat(System.nanoTime() - start).as("nanoseconds of a step").isLessThan(60_000_000_000L);
        JsonNode step = GrpoTesting.metrics(output).getFirst();
        assertThat(step.path("reward_failures").asInt())
                .as("two each of 0, 1, 2")
                .isEqualTo(6);
        assertThat(step.path("reward_mean").asDouble()).isEqualTo((2 * 1.0 + 8 * 0.5) / 16);
        List<JsonNode> failed = GrpoTesting.lines(output.resolve("completions.jsonl")).stream()
                .filter(line -> line.path("reward_failure").isString())
                .toList();
        assertThat(failed).hasSize(3).allMatch(line -> line.path("reward").asDouble() == 0);
        assertThat(ProcessHandle.current().descendants()).as("processes left").isEmpty();
    }
}
