package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.StepPlan;
import dev.razor.core.testing.Golden;
import dev.razor.core.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftDataTest {

    private static final Tokenizer TOKENIZER = Tokenizer.load(Golden.model());
    private static final int VOCABULARY = 784;
    private static final int CONTEXT = 128;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    /// Records of which number `i` has a prompt of `prompts[i]` tokens, three trained tokens and their end.
    private Path write(String name, int... prompts) throws IOException {
        String[] lines = Arrays.stream(prompts)
                .mapToObj(length -> "{\"prompt\": \"%s\", \"completion\": \"!?!\"}".formatted("?!".repeat(length / 2)))
                .toArray(String[]::new);
        return Files.writeString(directory.resolve(name), String.join("\n", lines));
    }

    private SftData read(Path data, String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "learning_rate: 1e-3";
        SftConfig config = SftTesting.config(Golden.model(), data, directory.resolve("out"), all);
        return SftData.read(config, TOKENIZER, VOCABULARY, CONTEXT);
    }

    private static List<Integer> kept(SftData data) {
        return data.sequences().stream().map(sequence -> sequence.length()).toList();
    }

    /// Of a limit of 20 tokens, 10 + 4 fit, 18 + 4 are cut, and of 30 + 4 only the prompt would remain.
    @Test
    void read_truncate_cuts_andLeavesOutWhatHasNothingToTrainOn() throws IOException {
        SftData data = read(write("f.jsonl", 10, 18, 30), "max_length: 20");
        assertThat(data.lengths()).containsExactly(14, 22, 34);
        assertThat(kept(data)).containsExactly(14, 20);
        assertThat(data.sequences().getLast().predictions()).isEqualTo(2);
        assertThat(data.cut()).isEqualTo(1);
        assertThat(data.dropped()).isEqualTo(1);
        assertThat(data.sizes()).containsExactly(2);
    }

    @Test
    void read_drop_leavesOutEveryLongerOne() throws IOException {
        SftData data = read(write("f.jsonl", 10, 18, 30), "max_length: 20", "max_length_policy: drop");
        assertThat(kept(data)).containsExactly(14);
        assertThat(data.cut()).isZero();
        assertThat(data.dropped()).isEqualTo(2);
    }

    @Test
    void read_fail_namesEveryLongerOne_twentyAtMost() throws IOException {
        Path file = write("f.jsonl", 10, 18, 30);
        String longer = " tokens, more than max_length = 20; raise it, shorten the record, or set max_length_policy to"
                + " truncate or drop";
        assertThatThrownBy(() -> read(file, "max_length: 20", "max_length_policy: fail"))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(file + ":2: 22" + longer, file + ":3: 34" + longer));
        int[] many = new int[25];
        Arrays.fill(many, 30);
        Path long25 = write("many.jsonl", many);
        assertThatThrownBy(() -> read(long25, "max_length: 20", "max_length_policy: fail"))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .hasSize(21)
                                .endsWith("data: 5 more problems of this kind or others; correct these first"));
        assertThat(kept(read(file, "max_length: 34", "max_length_policy: fail")))
                .containsExactly(14, 22, 34);
    }

    @Test
    void read_whereNothingIsLeft_isAnError() throws IOException {
        Path file = write("f.jsonl", 18, 30);
        assertThatThrownBy(() -> read(file, "max_length: 20", "max_length_policy: drop"))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": none of its 2 records has something to train on within max_length = 20 tokens;"
                        + " raise max_length (max_length_policy is drop)");
    }

    /// The context has 128 tokens, the default of max_length is 1024.
    @Test
    void read_maxLengthBeyondTheContext_isAnError_unlessItIsTheDefault() throws IOException {
        Path file = write("f.jsonl", 10, 126);
        assertThat(kept(read(file))).containsExactly(14, 128);
        assertThatThrownBy(() -> read(file, "max_length: 129"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("max_length: 129 is more than the model's context of 128 tokens; lower it");
        assertThat(kept(read(file, "max_length: 128"))).containsExactly(14, 128);
    }

    private SftData readAll(List<Path> entries) {
        return SftData.read("data", entries, new LengthLimit(100, SftConfig.LengthPolicy.FAIL), TOKENIZER, VOCABULARY);
    }

    @Test
    void read_takesGlobsAndSeveralEntries_inTheirOrder() throws IOException {
        write("b.jsonl", 10);
        write("a.jsonl", 12, 14);
        Path c = write("c.json", 20);
        SftData data = readAll(List.of(c, directory.resolve("*.jsonl")));
        assertThat(data.files()).containsExactly(c, directory.resolve("a.jsonl"), directory.resolve("b.jsonl"));
        assertThat(data.sizes()).containsExactly(1, 3);
        assertThat(kept(data)).containsExactly(24, 16, 18, 14);
        assertThat(data.examples())
                .extracting(SftExample::place)
                .containsExactly(
                        c + ":1", directory + "/a.jsonl:1", directory + "/a.jsonl:2", directory + "/b.jsonl:1");
    }

    @Test
    void read_tellsTheProblemsOfAllFilesTogether() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.jsonl"), "{\"prompt\": 1, \"completion\": \"a\"}\n{");
        Path none = directory.resolve("*.none");
        Path missing = directory.resolve("missing.parquet");
        assertThatThrownBy(() -> readAll(List.of(bad, none, missing)))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .satisfiesExactly(
                                        line -> assertThat(line)
                                                .startsWith(bad + ":1: prompt: expected a string, got 1"),
                                        line -> assertThat(line).startsWith(bad + ":2: not valid JSON"),
                                        line -> assertThat(line)
                                                .isEqualTo("data: no file matches %s; correct the pattern"
                                                        .formatted(none)),
                                        line -> assertThat(line)
                                                .isEqualTo(missing + ": cannot be read: there is no such file")));
    }

    private static List<Integer> firstEpoch(StepPlan plan) {
        return IntStream.range(0, plan.stepsPerEpoch())
                .boxed()
                .flatMap(step -> plan.microBatches(step).stream())
                .flatMapToInt(Arrays::stream)
                .boxed()
                .toList();
    }

    /// The order of a run's steps is part of its results: one entry without weights is the plan there always was.
    @Test
    void plan_ofOneEntry_isThatOfItsExamples() throws IOException {
        Path file = write("f.jsonl", 2, 4, 6, 8, 10, 12, 14);
        SftConfig config = SftTesting.config(
                Golden.model(),
                file,
                directory.resolve("out"),
                "learning_rate: 1e-3",
                "seed: 5",
                "per_device_train_batch_size: 2",
                "gradient_accumulation_steps: 2");
        SftData data = SftData.read(config, TOKENIZER, VOCABULARY, CONTEXT);
        assertThat(firstEpoch(data.plan(config))).isEqualTo(firstEpoch(new StepPlan(7, 2, 2, 5)));
        assertThat(data.plan(config).totalSteps(3, -1)).isEqualTo(6);
    }

    @Test
    void plan_usesWeightsAndLengths() throws IOException {
        Path a = write("a.jsonl", 2, 4, 6, 8);
        Path b = write("b.jsonl", 10, 12, 14, 16);
        SftConfig config = SftTesting.config(
                Golden.model(),
                Path.of("[" + a + ", " + b + "]"),
                directory.resolve("out"),
                "learning_rate: 1e-3",
                "data_weights: [0.5, 2]",
                "group_by_length: true",
                "per_device_train_batch_size: 1",
                "gradient_accumulation_steps: 2");
        SftData data = SftData.read(config, TOKENIZER, VOCABULARY, CONTEXT);
        StepPlan plan = data.plan(config);
        assertThat(plan.examples()).isEqualTo(2 + 8);
        List<Integer> epoch = firstEpoch(plan);
        assertThat(epoch.stream().filter(index -> index < 4).distinct()).hasSize(2);
        assertThat(epoch.stream().filter(index -> index >= 4).sorted()).containsExactly(4, 4, 5, 5, 6, 6, 7, 7);
        for (int step = 0; step < 5; step++) {
            List<int[]> batches = plan.microBatches(step);
            assertThat(data.sequences().get(batches.get(0)[0]).length())
                    .isGreaterThanOrEqualTo(
                            data.sequences().get(batches.get(1)[0]).length());
        }
    }
}
