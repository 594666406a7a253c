package dev.razor.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.testing.RealSandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class CodeTest {

    private static final JsonRecord ADD = record("add", "assert add(2, 3) == 5\nassert add(-1, 1) == 0");

    private static JsonRecord record(String entryPoint, String test) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("entry_point", entryPoint).put("test", test);
        return new JsonRecord(Path.of("code.jsonl"), 1, node);
    }

    @Test
    void program_isTheLastFencedBlock_orAll() {
        assertThat(Code.program("x = 1")).isEqualTo("x = 1");
        assertThat(Code.program("So:\n```python\na\n```\nor\n``` py \nb\nc\n```\nbye"))
                .isEqualTo("b\nc\n");
        assertThat(Code.program("```\ncut off")).isEqualTo("cut off");
        String many = "```python\n".repeat(20_000);
        Assertions.assertTimeout(Duration.ofSeconds(2), () -> Code.program(many));
    }

    @Test
    void score_runsProgramsInTheSandbox() {
        RealSandbox.get(); // skips, visibly, where there is none
        try (RewardFunctions rewards = RewardFunctions.open(new RewardArguments(List.of("code"), null, 5, List.of()))) {
            rewards.require(ADD);
            List<RewardScore> scores = rewards.score(List.of(
                    new Answer(ADD, "```python\ndef add(a, b):\n    return a + b\n```"),
                    new Answer(ADD, "def add(a, b): return 5"),
                    new Answer(ADD, "import sys; sys.exit(0)"),
                    new Answer(record("add", "assert ("), "def add(a, b): return a + b")));
            assertThat(scores).extracting(RewardScore::value).containsExactly(1.0, 0.0, 0.0, 0.0);
            assertThat(scores.get(1).failure()).isNull();
            assertThat(scores.get(3).failure()).contains("the record's test does not work");
        }
    }

    /// One that never ends costs its own time, and the others are judged meanwhile.
    @Test
    void score_ofAProgramThatHangs_isZeroInTime() {
        RealSandbox.get();
        try (RewardFunctions rewards = RewardFunctions.open(new RewardArguments(List.of("code"), null, 1, List.of()))) {
            long start = System.nanoTime();
            List<RewardScore> scores = rewards.score(List.of(
                    new Answer(ADD, "def add(a, b):\n    while True: pass"),
                    new Answer(ADD, "def add(a, b): return a + b")));
            assertThat(scores).extracting(RewardScore::value).containsExactly(0.0, 1.0);
            assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
        }
    }

    @Test
    void require_namesWhatIsMissing() {
        assertThatThrownBy(() -> new Code().require(record("", "x")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("entry_point");
    }
}
