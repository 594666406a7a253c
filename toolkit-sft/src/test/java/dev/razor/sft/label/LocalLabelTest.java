package dev.razor.sft.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.sft.SftExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Labels of a random model of which most tokens end a completion, so that short answers are frequent.
final class LocalLabelTest {

    private static final int VOCABULARY = 784;
    private static final int FIRST_STOP = 300;
    private static final int PROMPTS = 10;

    @TempDir
    private static Path models;

    private static Path teacher;
    private static ArrayNode answers;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeAll
    static void write() throws IOException {
        teacher = models.resolve("teacher");
        TinyModel.write(teacher, TinyModel.config(VOCABULARY, false), 5, Dtype.FLOAT32, Long.MAX_VALUE);
        String stops = Arrays.toString(IntStream.range(FIRST_STOP, VOCABULARY).toArray());
        Files.writeString(teacher.resolve("generation_config.json"), "{\"eos_token_id\": %s}".formatted(stops));
        // Every second token alone is a right answer.
        answers = JsonMapper.shared().createArrayNode();
        try (Tokenizer tokenizer = Tokenizer.load(teacher)) {
            IntStream.range(0, 128)
                    .map(i -> 2 * i)
                    .mapToObj(id -> tokenizer.decode(new int[] {id}, true).strip())
                    .filter(text -> !text.isEmpty() && text.indexOf('\ufffd') < 0)
                    .forEach(answers::add);
        }
    }

    @BeforeEach
    void writePrompts() throws IOException {
        data = Files.write(
                folder.resolve("prompts.jsonl"),
                IntStream.range(0, PROMPTS)
                        .mapToObj(i ->
                                "{\"id\": \"p%d\", \"prompt\": [{\"role\": \"user\", \"content\": \"Say %d\"}], \"answers\": %s}"
                                        .formatted(i, i, answers))
                        .toList());
    }

    private LabelConfig config(String output, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "model: " + teacher, "reward: one_of", "max_completion_length: 4", "max_samples: 40", "device: cpu"));
        all.addAll(List.of(settings));
        return LabelTesting.config(data, folder.resolve(output), all.toArray(String[]::new));
    }

    /// Stops the run, as a killed process would, when so many prompts are done.
    private static Progress until(int prompts) {
        return (_, done, _, _) -> {
            if (done >= prompts) {
                throw new IllegalStateException("stopped");
            }
        };
    }

    @Test
    void label_writesRightSamples_inTheOrderOfTheData_asSftReadsThem() throws IOException {
        LabelReport report = Objects.requireNonNull(LabelTesting.run(config("a.jsonl"), false));
        List<JsonNode> lines = LabelTesting.lines(folder.resolve("a.jsonl"));
        assertThat(report.labelled()).isEqualTo(lines.size()).isBetween(2, PROMPTS);
        assertThat(report.counts().right()).isEqualTo(report.labelled());
        assertThat(report.counts().wrong()).isPositive();
        assertThat(lines.stream().map(line -> line.path("id").asString())).isSorted();
        for (JsonNode line : lines) {
            assertThat(line.propertyNames()).containsExactly("id", "prompt", "completion", "samples", "answers");
            String text = line.path("completion").path(0).path("content").asString();
            assertThat(answers.valueStream().map(JsonNode::asString)).contains(text.strip());
        }
        int samples =
                lines.stream().mapToInt(line -> line.path("samples").asInt()).sum();
        assertThat(report.counts().samples()).isEqualTo(samples + 40 * (PROMPTS - lines.size()));
        try (Tokenizer tokenizer = Tokenizer.load(teacher)) {
            assertThat(SftExamples.read(folder.resolve("a.jsonl"), tokenizer, VOCABULARY))
                    .hasSameSizeAs(lines);
        }
    }

    @Test
    void label_doesNotDependOnTheBatchSize() throws IOException {
        LabelTesting.run(config("a.jsonl"), false);
        LabelTesting.run(config("b.jsonl", "batch_size: 3"), false);
        LabelTesting.run(config("c.jsonl", "batch_size: 200"), false);
        assertThat(folder.resolve("b.jsonl")).hasSameBinaryContentAs(folder.resolve("a.jsonl"));
        assertThat(folder.resolve("c.jsonl")).hasSameBinaryContentAs(folder.resolve("a.jsonl"));
        assertThat(LabelReport.file(folder.resolve("c.jsonl")))
                .hasSameBinaryContentAs(LabelReport.file(folder.resolve("a.jsonl")));
        LabelTesting.run(config("d.jsonl", "seed: 43"), false);
        assertThat(Files.readString(folder.resolve("d.jsonl")))
                .isNotEqualTo(Files.readString(folder.resolve("a.jsonl")));
    }

    @Test
    void resume_givesTheSameBytes_whereverItWasStopped_andDropsATornLine() throws IOException {
        LabelTesting.run(config("a.jsonl", "batch_size: 2"), false);
        for (int done : new int[] {1, 4, 9}) {
            String name = "stopped-%d.jsonl".formatted(done);
            LabelConfig config = config(name, "batch_size: 2");
            assertThatThrownBy(() -> LabelTesting.run(config, false, Map.of(), until(done)))
                    .hasMessage("stopped");
            Path partial = LabelJournal.file(config.output());
            assertThat(LabelTesting.lines(partial)).hasSize(done + 1);
            assertThat(config.output()).doesNotExist();
            Files.writeString(partial, "{\"prompt_index\": 8, \"cho", StandardOpenOption.APPEND);
            LabelTesting.run(config(name, "batch_size: 5"), true);
            assertThat(config.output()).hasSameBinaryContentAs(folder.resolve("a.jsonl"));
            assertThat(LabelReport.file(config.output()))
                    .hasSameBinaryContentAs(LabelReport.file(folder.resolve("a.jsonl")));
            assertThat(partial).doesNotExist();
        }
    }

    @Test
    void resume_ofAnotherRunsWork_saysWhatDiffers() throws IOException {
        LabelConfig config = config("a.jsonl", "batch_size: 1");
        assertThatThrownBy(() -> LabelTesting.run(config, false, Map.of(), until(2)))
                .hasMessage("stopped");
        Path partial = LabelJournal.file(config.output());
        assertThatThrownBy(() -> LabelTesting.run(config("a.jsonl", "temperature: 0.5"), true))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "output: %s holds labels of another run: temperature was 1.0, is 0.5; change it back, or delete the file"
                                .formatted(partial));
        Files.writeString(data, Files.readString(data).replace("Say 3", "Tell 3"));
        assertThatThrownBy(() -> LabelTesting.run(config, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "output: %s holds labels of another run: data_sha256 was [\"".formatted(partial));
        String text = Files.readString(partial);
        Files.writeString(partial, text.replace("{\"prompt_index\"", "{prompt_index"));
        writePrompts();
        assertThatThrownBy(() -> LabelTesting.run(config, true))
                .isInstanceOf(DataException.class)
                .hasMessage(partial + ":2: is damaged; delete the file to begin again");
    }

    @Test
    void label_refusesWhatIsThere() throws IOException {
        Path output = Files.writeString(folder.resolve("a.jsonl"), "mine");
        assertThatThrownBy(() -> LabelTesting.run(config("a.jsonl"), false))
                .isInstanceOf(ConfigException.class)
                .hasMessage("output: %s exists; choose another name, or move it away".formatted(output));
        assertThat(Files.readString(output)).isEqualTo("mine");
    }

    @Test
    void label_withRejected_writesPairsOfARightAndAWrongSample() throws IOException {
        LabelTesting.run(config("pairs.jsonl", "rejected: true"), false);
        LabelTesting.run(config("again.jsonl", "rejected: true", "batch_size: 3"), false);
        assertThat(folder.resolve("again.jsonl")).hasSameBinaryContentAs(folder.resolve("pairs.jsonl"));
        List<JsonNode> lines = LabelTesting.lines(folder.resolve("pairs.jsonl"));
        assertThat(lines).isNotEmpty();
        List<String> right = answers.valueStream().map(JsonNode::asString).toList();
        for (JsonNode line : lines) {
            assertThat(line.propertyNames())
                    .containsExactly("id", "prompt", "chosen", "rejected", "samples", "answers");
            assertThat(right)
                    .contains(line.path("chosen")
                            .path(0)
                            .path("content")
                            .asString()
                            .strip());
            assertThat(right)
                    .doesNotContain(line.path("rejected")
                            .path(0)
                            .path("content")
                            .asString()
                            .strip());
        }
        LabelTesting.run(config("labels.jsonl"), false);
        List<String> chosen = lines.stream()
                .map(line -> line.path("id") + " " + line.path("chosen"))
                .toList();
        assertThat(LabelTesting.lines(folder.resolve("labels.jsonl")).stream()
                        .map(line -> line.path("id") + " " + line.path("completion")))
                .as("the same first right samples")
                .containsAll(chosen);
    }

    @Test
    void label_ofTextPrompts_writesText_andWithoutARewardTakesTheFirstThatEnded() throws IOException {
        Files.writeString(data, "{\"prompt\": \"Once\"}\n{\"prompt\": \"Twice\"}\n");
        LabelConfig config = LabelTesting.config(
                data, folder.resolve("t.jsonl"), "model: " + teacher, "max_completion_length: 8", "device: cpu");
        LabelReport report = Objects.requireNonNull(LabelTesting.run(config, false));
        assertThat(report.labelled()).isEqualTo(2);
        JsonNode first = LabelTesting.lines(folder.resolve("t.jsonl")).getFirst();
        assertThat(first.propertyNames()).containsExactly("prompt", "completion", "samples");
        assertThat(first.path("completion").asString()).isNotEmpty();
        // The label is one of the named samples: number `samples` - 1 of prompt 0.
        try (PretrainedModel model = PretrainedModel.load(teacher, LoadOptions.frozen("cpu", "auto"))) {
            int[] prompt = model.tokenizer().encode("Once");
            var wanted = new TeacherSamples.Wanted(
                    prompt, 0, 0, first.path("samples").asInt() - 1);
            int[] ids = new TeacherSamples(model, 8, 1, 1, 42, 1)
                    .draw(List.of(wanted))
                    .getFirst()
                    .ids();
            assertThat(model.tokenizer().decode(Arrays.copyOf(ids, ids.length - 1), true))
                    .isEqualTo(first.path("completion").asString());
            assertThat(TokenSequence.of(prompt, ids).predictions()).isPositive();
        }
    }

    @Test
    void label_leavesNothingButItsFiles() throws IOException {
        LabelTesting.run(config("new/a.jsonl"), false);
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("a.jsonl", "a.jsonl.report.json");
        }
    }
}
