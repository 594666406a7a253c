package dev.razor.core.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Rewards that hang, throw, print rubbish and leave processes behind, with real processes.
class RewardProcessesTest {

    private static final double TIMEOUT = 0.3;

    /// A virtual machine takes 0.3 s to end by `System.exit` alone.
    private static final double JAVA_TIMEOUT = 0.7;

    /// A program that answers 2 to everything but what the completion tells it to do.
    private static final String SCRIPT = """
            while read -r line; do
              id=$(printf '%s' "$line" | sed 's/^{"id":\\([0-9]*\\).*/\\1/')
              case "$line" in
                *hang*) sleep SECONDS ;;
                *fork*) (trap '' TERM HUP; sleep SECONDS) & (sleep SECONDS &) ; setsid sleep SECONDS & sleep SECONDS ;;
                *rubbish*) echo "what?" ;;
                *nan*) echo "{\\"id\\": $id, \\"reward\\": NaN}" ;;
                *huge*) echo "{\\"id\\": $id, \\"reward\\": 1e999}" ;;
                *text*) echo "{\\"id\\": $id, \\"reward\\": \\"2\\"}" ;;
                *none*) echo "{\\"id\\": $id}" ;;
                *wrong*) echo "{\\"id\\": 12345, \\"reward\\": 2}" ;;
                *twice*) echo "{\\"id\\": $id, \\"reward\\": 2}
            {\\"id\\": $id, \\"reward\\": 3}" ;;
                *late*) echo "{\\"id\\": $id, \\"reward\\": 2}"; sleep 0.05; echo "{\\"id\\": $id, \\"reward\\": 9}" ;;
                *endless*) exec tr '\\0' x </dev/zero ;;
                *die*) echo "I am sorry" >&2; exit 7 ;;
                *) echo "{\\"id\\": $id, \\"reward\\": 2}" ;;
              esac
            done
            """;

    /// No other process sleeps so long.
    private final String seconds = "9" + ThreadLocalRandom.current().nextInt(100_000, 999_999);

    @TempDir
    private Path folder;

    @BeforeEach
    void needsAShell() {
        assumeTrue(new File("/bin/sh").canExecute(), "there is no /bin/sh");
    }

    @Test
    void program_thatMisbehavesCostsItsOwnCompletions() throws IOException {
        try (RewardFunctions rewards = script(SCRIPT)) {
            List<RewardScore> scores = score(
                    rewards, "a", "hang", "b", "rubbish", "nan", "c", "text", "none", "wrong", "twice", "huge",
                    "endless", "die", "d");

            assertThat(parts(scores))
                    .containsExactly(
                            2,
                            Double.NaN,
                            2,
                            Double.NaN,
                            Double.NaN,
                            2,
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            Double.NaN,
                            2);
            assertThat(scores.stream().mapToDouble(RewardScore::value).sum()).isEqualTo(8);
            assertThat(scores.stream().map(RewardScore::failure))
                    .element(1)
                    .isEqualTo("judge.sh: took longer than 0.3 s");
            assertThat(scores.get(3).failure()).startsWith("judge.sh: printed 'what?', which is not one JSON object");
            assertThat(scores.get(6).failure()).isEqualTo("judge.sh: gave the reward \"2\", which is no number");
            assertThat(scores.get(7).failure()).isEqualTo("judge.sh: answered without a reward");
            assertThat(scores.get(8).failure()).startsWith("judge.sh: answered with the id 12345");
            assertThat(scores.get(9).failure()).isEqualTo("judge.sh: printed 2 lines for one question");
            assertThat(scores.get(10).failure()).isEqualTo("judge.sh: gave Infinity");
            assertThat(scores.get(11).failure()).isEqualTo("judge.sh: printed a line of more than 65536 bytes");
            assertThat(scores.get(12).failure()).isEqualTo("judge.sh: ended with exit code 7: I am sorry");
            assertThat(rewards.failures()).containsExactly(java.util.Map.entry("judge.sh", 10));
        }
        assertThat(sleepers()).isZero();
    }

    @Test
    void program_thatForksIsKilledWithAllItStarted() throws IOException {
        try (RewardFunctions rewards = script(SCRIPT)) {
            long start = System.nanoTime();
            List<RewardScore> scores = score(rewards, "fork", "a", "fork", "b");

            assertThat(parts(scores)).containsExactly(Double.NaN, 2, Double.NaN, 2);
            assertThat(System.nanoTime() - start).isLessThan(2_500_000_000L);
            assertThat(sleepers()).isZero();
        }
    }

    @Test
    void program_thatAnswersTwiceDoesNotSpoilTheNext() throws IOException {
        try (RewardFunctions rewards = script(SCRIPT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(parts(score(rewards, "late", "late", "a", "b"))).containsExactly(2, 2, 2, 2);
            }
        }
    }

    @Test
    void program_thatDoesNotReadTimesOut() throws IOException {
        try (RewardFunctions rewards = script("sleep SECONDS")) {
            List<RewardScore> scores = score(rewards, "x".repeat(1_000_000), "b");

            assertThat(scores).allMatch(score -> "judge.sh: took longer than 0.3 s".equals(score.failure()));
        }
        assertThat(sleepers()).isZero();
    }

    @Test
    void program_thatStopsRunningFailsFast() throws IOException {
        Path gone = folder.resolve("gone");
        try (RewardFunctions rewards = script("[ -e " + gone + " ] && exit 3; cat >/dev/null; exit 3")) {
            Files.createFile(gone);
            long start = System.nanoTime();
            List<RewardScore> scores = score(
                    rewards, IntStream.range(0, 500).mapToObj(Integer::toString).toArray(String[]::new));

            assertThat(System.nanoTime() - start).isLessThan(2_500_000_000L);
            assertThat(scores).hasSize(500).allMatch(score -> score.failure() != null);
            assertThat(scores.getLast().failure()).isEqualTo("judge.sh: does not run: ended with exit code 3");
        }
    }

    @Test
    void program_sendsTheRecordAndOrderDoesNotDependOnWhoAnswers() throws IOException {
        String echo = """
                while read -r line; do
                  id=$(printf '%s' "$line" | sed 's/^{"id":\\([0-9]*\\).*/\\1/')
                  n=$(printf '%s' "$line" | sed 's/.*"completion":"\\([0-9]*\\)".*"record":{"mood":"good"}}$/\\1/')
                  echo "{\\"id\\": $id, \\"reward\\": $n}"
                done
                """;
        try (RewardFunctions rewards = script(echo)) {
            String[] numbers =
                    IntStream.range(0, 40).mapToObj(Integer::toString).toArray(String[]::new);

            assertThat(parts(score(rewards, numbers)))
                    .containsExactly(IntStream.range(0, 40).asDoubleStream().toArray());
        }
    }

    @Test
    void open_findsAProgramThatCannotServe() throws IOException {
        assertThatThrownBy(() -> open("program:no-such-program"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "reward: program:no-such-program: there is no program no-such-program on the PATH; for a file"
                                + " write ./no-such-program");
        Path plain = Files.writeString(folder.resolve("plain.py"), "print(1)");
        assertThatThrownBy(() -> open("program:" + plain)).hasMessageContaining("is not executable; run chmod +x");
        assertThatThrownBy(() -> script("echo no >&2; exit 2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith(": ended with exit code 2: no");
        assertThatThrownBy(() -> script("echo hello; cat"))
                .hasMessageEndingWith(": printed 'hello' before it was asked; only answers belong on standard output");
        assertThatThrownBy(() -> open("program:sh 'x")).hasMessageContaining("a quote ' that is not closed");
    }

    @Test
    void javaClass_thatMisbehavesCostsItsOwnCompletions() {
        try (RewardFunctions rewards = RewardFunctions.open(
                new RewardArguments(List.of("java:" + MoodyReward.class.getName()), null, JAVA_TIMEOUT, List.of()))) {
            assertThat(rewards.names()).containsExactly("MoodyReward");
            List<RewardScore> scores =
                    score(rewards, "0.5", "hang", "throw", "nan", "deep", "print", "exit", "fork " + seconds, "3");

            assertThat(parts(scores))
                    .containsExactly(0.5, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1, Double.NaN, Double.NaN, 3);
            assertThat(scores.get(1).failure()).isEqualTo("MoodyReward: took longer than 0.7 s");
            assertThat(scores.get(2).failure())
                    .isEqualTo("MoodyReward: threw java.lang.IllegalStateException: bad mood");
            assertThat(scores.get(3).failure()).isEqualTo("MoodyReward: gave NaN");
            assertThat(scores.get(4).failure()).isEqualTo("MoodyReward: threw java.lang.StackOverflowError");
            assertThat(scores.get(6).failure()).startsWith("MoodyReward: ended with exit code 0");
            assertThat(rewards.failures()).containsExactly(java.util.Map.entry("MoodyReward", 6));
            assertThat(sleepers()).isZero();
        }
    }

    @Test
    void javaClass_thatUsesUpItsMemoryIsContained() {
        try (RewardFunctions rewards = RewardFunctions.open(
                new RewardArguments(List.of("java:" + MoodyReward.class.getName()), null, 20, List.of()))) {
            List<RewardScore> scores = score(rewards, "memory", "3");

            assertThat(parts(scores)).containsExactly(Double.NaN, 3);
            assertThat(scores.getFirst().failure()).startsWith("MoodyReward: threw java.lang.OutOfMemoryError");
        }
    }

    @Test
    void javaClass_checksRecordsAsItWouldHere() {
        try (RewardFunctions rewards = open("java:" + MoodyReward.class.getName())) {
            rewards.require(record("{\"mood\": \"good\"}"));
            assertThatThrownBy(() -> rewards.require(record("{\"temper\": \"good\"}")))
                    .isInstanceOf(DataException.class)
                    .hasMessage("task.jsonl:3: mood: missing; the fields are temper");
        }
    }

    @Test
    void open_findsAClassThatCannotServe() {
        assertThatThrownBy(() -> open("java:com.example.NoReward"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "reward: java:com.example.NoReward: there is no class com.example.NoReward on the class path;"
                                + " add its jar or folder to reward_class_path");
        assertThatThrownBy(() -> open("java:java.lang.String"))
                .hasMessage("reward: java:java.lang.String: java.lang.String does not implement"
                        + " dev.razor.core.reward.Reward");
    }

    @Test
    void math_judgesInAProcessOfItsOwn() {
        try (RewardFunctions rewards = RewardFunctions.open(RewardArguments.of("math"))) {
            JsonRecord record = record("{\"answer\": \"\\\\frac12\"}");
            rewards.require(record);

            List<RewardScore> scores = rewards.score(List.of(
                    new Answer(record, "so \\boxed{0.5}"), new Answer(record, "so 2"), new Answer(record, "?")));

            assertThat(parts(scores)).containsExactly(1, 0, 0);
            assertThat(scores.getFirst().right()).isTrue();
        }
    }

    @Test
    void examplesProgram_givesMoreTheNearerTo20Words() throws InterruptedException, IOException {
        assumeTrue(
                new ProcessBuilder("sh", "-c", "command -v python3 >/dev/null")
                                .start()
                                .waitFor()
                        == 0,
                "there is no python3");
        Path example = Path.of(System.getProperty("razor.home")).resolve("examples/rewards/length.py");
        try (RewardFunctions rewards = RewardFunctions.open(
                new RewardArguments(List.of("program:python3 '" + example + "'"), null, 10, List.of()))) {
            assertThat(rewards.names()).containsExactly("length.py");
            assertThat(parts(score(
                            rewards, "word ".repeat(20), "word ".repeat(15), "", "\n \u00e4 \ud83d \ud83d\ude00 x y")))
                    .containsExactly(1, 0.75, 0, 0.25);
        }
    }

    private RewardFunctions script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("judge.sh"), text.replace("SECONDS", seconds));
        return open("program:sh '" + script + "'");
    }

    private static RewardFunctions open(String reward) {
        return RewardFunctions.open(new RewardArguments(List.of(reward), null, TIMEOUT, List.of()));
    }

    private static List<RewardScore> score(RewardFunctions rewards, String... completions) {
        JsonRecord record = record("{\"mood\": \"good\"}");
        return rewards.score(
                Arrays.stream(completions).map(text -> new Answer(record, text)).toList());
    }

    private static JsonRecord record(String json) {
        return new JsonRecord(
                Path.of("task.jsonl"), 3, (ObjectNode) JsonMapper.shared().readTree(json));
    }

    private static double[] parts(List<RewardScore> scores) {
        return scores.stream().mapToDouble(score -> score.parts()[0]).toArray();
    }

    /// The living processes that sleep for this test.
    private long sleepers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(seconds))
                .count();
    }
}
