package dev.razor.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.reward.OneOf;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Labels of random models of 64 tokens, of which 16 to 63 end a completion: an answer of one token is frequent.
final class SampledLabelsTest {

    private static final int FIRST_STOP = 16;
    private static final int VOCABULARY = 64;
    private static final int[] PROMPT = {3, 11, 7};
    private static final int[] RIGHT = {1, 2, 4, 7, 9, 11, 12, 15};
    private static final Progress SILENT = Progress.silent();
    private static final RewardFunctions ONE_OF = RewardFunctions.of(new OneOf());

    @TempDir
    private static Path models;

    private static PretrainedModel teacher;
    private static PretrainedModel other;

    @TempDir
    private Path run;

    @BeforeAll
    static void write() throws IOException {
        teacher = model("teacher", 5);
        other = model("other", 6);
    }

    @AfterAll
    static void close() {
        teacher.close();
        other.close();
    }

    private static PretrainedModel model(String name, long seed) throws IOException {
        Path directory = models.resolve(name);
        TinyModel.write(directory, TinyModel.UNTIED, seed, Dtype.FLOAT32, Long.MAX_VALUE);
        String stops = Arrays.toString(IntStream.range(FIRST_STOP, VOCABULARY).toArray());
        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": %s}".formatted(stops));
        return PretrainedModel.load(directory, LoadOptions.frozen("cpu", "float32"));
    }

    private static String text(int token) {
        return teacher.tokenizer().decode(new int[] {token}, true);
    }

    /// `count` prompts of the same three tokens, with the right answers.
    private static List<LabelPrompt> prompts(int count) {
        List<JsonRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode node = JsonMapper.shared().createObjectNode();
            Arrays.stream(PROMPT).forEach(node.putArray("prompt_ids")::add);
            Arrays.stream(RIGHT).forEach(token -> node.withArray("answers").add(text(token)));
            records.add(new JsonRecord(Path.of("prompts.jsonl"), i + 1, node));
        }
        return LabelPrompt.of(records, teacher, ONE_OF, 32);
    }

    private static LabelSampler sampler(
            PretrainedModel model,
            @Nullable RewardFunctions reward,
            int maxSamples,
            int maxCompletionLength,
            int batchSize) {
        var keys = new Labels("base", "one_of", maxSamples, 1, maxCompletionLength);
        return new LabelSampler(model, reward, keys, VOCABULARY, 32, 42, batchSize);
    }

    /// The teacher's probability of the token and then one that ends the completion.
    private static double probability(int token) {
        List<TokenSequence> ended = new ArrayList<>();
        for (int stop = FIRST_STOP; stop < VOCABULARY; stop++) {
            ended.add(TokenSequence.of(PROMPT, new int[] {token, stop}));
        }
        return new SequenceScorer(teacher.model(), teacher.manager(), 1, 64)
                .score(ended, false).stream()
                        .mapToDouble(scores -> Math.exp(scores.logProbs()[0] + (double) scores.logProbs()[1]))
                        .sum();
    }

    /// Oracle SFT needs draws from the teacher's distribution restricted to right answers, q*(y) = p(y) / p(S).
    /// With 8 answers the chi-square statistic has 7 degrees of freedom and exceeds 30 once in ten thousand
    /// times.
    @Test
    void draw_givesRightAnswersWithTheTeachersProbabilities() {
        int count = 1500;
        LabelSampler.Drawn drawn = sampler(teacher, ONE_OF, 1000, 2, 4096).draw(prompts(count), 0, SILENT);
        assertThat(drawn.labels()).hasSize(count);
        int[] found = new int[VOCABULARY];
        for (Label label : drawn.labels()) {
            assertThat(label.completionIds()).hasSize(2);
            assertThat(label.completionIds()[1]).isGreaterThanOrEqualTo(FIRST_STOP);
            found[label.completionIds()[0]]++;
        }
        double all =
                Arrays.stream(RIGHT).mapToDouble(SampledLabelsTest::probability).sum();
        double statistic = 0;
        double ofUniform = 0;
        for (int token : RIGHT) {
            double expected = count * probability(token) / all;
            statistic += square(found[token] - expected) / expected;
            double even = (double) count / RIGHT.length;
            ofUniform += square(found[token] - even) / even;
        }
        assertThat(statistic).isLessThan(30);
        assertThat(ofUniform).as("the answers are not equally probable").isGreaterThan(100);
        // The number of samples up to the first right one has the mean 1 / p(S) and the deviation sqrt(1 - p) / p.
        double deviation = Math.sqrt(1 - all) / all / Math.sqrt(count);
        assertThat(Math.abs((double) drawn.samples() / count - 1 / all)).isLessThan(4 * deviation);
    }

    private static double square(double x) {
        return x * x;
    }

    private static List<String> shown(LabelSampler.Drawn drawn) {
        List<String> lines = new ArrayList<>();
        lines.add(drawn.samples() + " " + drawn.truncated());
        drawn.labels()
                .forEach(label -> lines.add("%d %s %s %d"
                        .formatted(
                                label.prompt(),
                                Arrays.toString(label.completionIds()),
                                label.text(),
                                label.samples())));
        return lines;
    }

    @Test
    void draw_doesNotDependOnTheBatchSize() {
        List<LabelPrompt> prompts = prompts(12);
        List<String> expected = shown(sampler(teacher, ONE_OF, 20, 4, 64).draw(prompts, 3, SILENT));
        for (int batchSize : new int[] {1, 5, 500}) {
            assertThat(shown(sampler(teacher, ONE_OF, 20, 4, batchSize).draw(prompts, 3, SILENT)))
                    .isEqualTo(expected);
        }
        assertThat(shown(sampler(teacher, ONE_OF, 20, 4, 64).draw(prompts, 4, SILENT)))
                .as("another epoch")
                .isNotEqualTo(expected);
        // A prompt's labels do not depend on which others there are.
        assertThat(shown(sampler(teacher, ONE_OF, 20, 4, 64).draw(prompts.subList(0, 1), 3, SILENT))
                        .getLast())
                .isEqualTo(expected.get(1));
    }

    @Test
    void draw_leavesOutPromptsThatRanOutOfSamples_andCountsThem() {
        LabelSampler.Drawn drawn = sampler(teacher, ONE_OF, 2, 4, 64).draw(prompts(60), 0, SILENT);
        assertThat(drawn.labels()).hasSizeBetween(1, 59);
        long samples = drawn.labels().stream().mapToLong(Label::samples).sum()
                + 2L * (60 - drawn.labels().size());
        assertThat(drawn.samples()).isEqualTo(samples);
        assertThat(drawn.labels()).isSortedAccordingTo((a, b) -> Integer.compare(a.prompt(), b.prompt()));
        for (Label label : drawn.labels()) {
            assertThat(new OneOf().score(prompts(1).getFirst().record(), label.text()))
                    .isEqualTo(1);
        }
    }

    /// At one token a completion is either an end token, an empty answer, or cut off.
    @Test
    void draw_doesNotAcceptWhatWasCutOff() {
        LabelSampler.Drawn drawn = sampler(teacher, null, 3, 1, 64).draw(prompts(40), 0, SILENT);
        assertThat(drawn.truncated()).isPositive();
        assertThat(drawn.labels()).isNotEmpty();
        for (Label label : drawn.labels()) {
            assertThat(label.completionIds()[0]).isGreaterThanOrEqualTo(FIRST_STOP);
        }
        assertThat(drawn.samples() - drawn.truncated()).isEqualTo(drawn.labels().size());
    }

    @Test
    void draw_withoutReward_takesTheFirstSampleThatEnded() {
        LabelSampler.Drawn any = sampler(teacher, null, 50, 8, 64).draw(prompts(30), 0, SILENT);
        assertThat(any.labels()).hasSize(30);
        assertThat(any.samples()).isEqualTo(30 + any.truncated());
    }

    @Test
    void draw_doesNotAcceptWhatIsLongerThanMaxLength() {
        var keys = new Labels("base", "one_of", 20, 1, 8);
        var sampler = new LabelSampler(teacher, null, keys, VOCABULARY, PROMPT.length + 1, 42, 64);
        LabelSampler.Drawn drawn = sampler.draw(prompts(20), 0, SILENT);
        assertThat(drawn.labels()).isNotEmpty().allMatch(label -> label.completionIds().length == 1);
    }

    @Test
    void draw_doesNotAcceptIdsThatTheStudentLacks() {
        var keys = new Labels("base", "one_of", 20, 1, 8);
        var sampler = new LabelSampler(teacher, null, keys, 40, 32, 42, 64);
        LabelSampler.Drawn drawn = sampler.draw(prompts(20), 0, SILENT);
        assertThat(drawn.labels())
                .isNotEmpty()
                .allMatch(label -> Arrays.stream(label.completionIds()).allMatch(id -> id < 40));
        assertThat(drawn.samples()).isGreaterThan(20 + drawn.truncated());
    }

    @Test
    void epoch_publishesItsLabels_andReadsThemAgainFromAnotherModel() throws IOException {
        List<LabelPrompt> prompts = prompts(12);
        var labels = new SampledLabels(sampler(teacher, ONE_OF, 20, 4, 64), prompts, run);
        List<Label> first = labels.epoch(2, SILENT);
        assertThat(run.resolve("labels/epoch-2.jsonl")).exists();
        String line = Files.readAllLines(run.resolve("labels/epoch-2.jsonl")).getFirst();
        assertThat(line).startsWith("{\"prompt_index\":").contains("\"prompt_ids\":[3,11,7]", "\"samples\":");

        // As in a resumed run of teacher: self, whose model is no longer the one that sampled.
        var resumed = new SampledLabels(sampler(other, ONE_OF, 20, 4, 64), prompts, run);
        List<Label> again = resumed.epoch(2, SILENT);
        assertThat(again).usingRecursiveComparison().isEqualTo(first);
        assertThat(resumed.epoch(3, SILENT))
                .usingRecursiveComparison()
                .isNotEqualTo(labels(teacher, prompts).epoch(3, SILENT));
        assertThat(first.getFirst().sequence().predictions())
                .isEqualTo(first.getFirst().completionIds().length);
    }

    private SampledLabels labels(PretrainedModel model, List<LabelPrompt> prompts) {
        return new SampledLabels(sampler(model, ONE_OF, 20, 4, 64), prompts, run.resolve("apart"));
    }

    @Test
    void epoch_withoutAnyLabel_isOneLine_andWritesNothing() {
        var labels = new SampledLabels(sampler(teacher, ONE_OF, 2, 1, 64), prompts(3), run);
        assertThatThrownBy(() -> labels.epoch(0, SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(
                        "labels: none of 3 prompts got one in epoch 0: of 6 samples \\(max_samples = 2 a prompt\\) \\d did not end within max_completion_length = 1 and max_length = 32 and the others did not satisfy one_of; raise max_samples or max_completion_length, or take a better teacher");
        assertThat(run.resolve("labels")).doesNotExist();
    }

    @Test
    void epoch_withAFileOfOtherPrompts_saysWhichLine() throws IOException {
        List<LabelPrompt> prompts = prompts(12);
        var labels = new SampledLabels(sampler(teacher, ONE_OF, 20, 4, 64), prompts, run);
        labels.epoch(0, SILENT);
        Path file = run.resolve("labels/epoch-0.jsonl");
        String good = Files.readString(file);
        Files.writeString(file, good.replaceFirst("\\[3,11,7\\]", "[3,11,8]"));
        assertThatThrownBy(() -> labels.epoch(0, SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: prompt_index: prompt ")
                .hasMessageEndingWith("the data has changed since the labels were sampled, start a new run");
        Files.writeString(file, good.replaceFirst("\"completion_ids\":\\[", "\"completion_ids\":[64,"));
        assertThatThrownBy(() -> labels.epoch(0, SILENT))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        file
                                + ":1: completion_ids: must be tokens of the vocabulary, which has 64 ids; delete the file to sample its labels again");
    }

    @Test
    void prompts_reportTheRecordsThatCannotBeUsed() {
        ObjectNode unanswered = JsonMapper.shared().createObjectNode();
        unanswered.putArray("prompt_ids").add(1);
        ObjectNode tooLong = JsonMapper.shared().createObjectNode();
        IntStream.range(0, 8).forEach(tooLong.putArray("prompt_ids")::add);
        tooLong.putArray("answers").add("!");
        Path file = Path.of("p.jsonl");
        assertThatThrownBy(() -> LabelPrompt.of(
                        List.of(new JsonRecord(file, 1, unanswered), new JsonRecord(file, 2, tooLong)),
                        teacher,
                        ONE_OF,
                        8))
                .isInstanceOfSatisfying(
                        DataException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "p.jsonl:1: answers: missing; the fields are prompt_ids",
                                        "p.jsonl:2: prompt_ids: has 8 tokens, which leaves no room for a label within a max_length of 8; raise max_length or shorten the prompt"));
    }
}
