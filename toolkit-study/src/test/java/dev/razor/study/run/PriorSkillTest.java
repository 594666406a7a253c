package dev.razor.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.RealSandbox;
import dev.razor.eval.Aggregate;
import dev.razor.eval.Metric;
import dev.razor.eval.benchmarks.Benchmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PriorSkillTest {

    @TempDir
    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        Files.write(
                Files.createDirectories(data.resolve("ifeval")).resolve("input_data.jsonl"), List.of("""
                        {"key": 1, "prompt": "One.", "instruction_id_list": ["change_case:english_lowercase"], "kwargs": [{}]}""", """
                        {"key": 2, "prompt": "Two.", "instruction_id_list": ["length_constraints:number_words"], \
                        "kwargs": [{"relation": "at least", "num_words": 900}]}""", """
                        {"key": 3, "prompt": "Three.", "instruction_id_list": ["length_constraints:number_words", \
                        "length_constraints:number_words"], "kwargs": [{"relation": "less than", "num_words": 900}, \
                        {"relation": "at least", "num_words": 900}]}"""));
        Files.writeString(Files.createDirectories(data.resolve("humaneval")).resolve("HumanEval.jsonl"), """
                {"task_id": "HumanEval/0", "prompt": "def one():\\n    return 1\\n", "entry_point": "one", \
                "test": "def check(candidate):\\n    assert candidate() == 1\\n"}
                {"task_id": "HumanEval/1", "prompt": "def two():\\n    return 1\\n", "entry_point": "two", \
                "test": "def check(candidate):\\n    assert candidate() == 2\\n"}
                """);
        Files.write(
                data.resolve("skill.jsonl"),
                List.of(
                        "{\"query\": \"The sky is\", \"choices\": [\"blue\", \"red\"], \"gold\": 0}",
                        "{\"query\": \"Snow is\", \"choices\": [\"black\", \"white\"], \"gold\": 1}"));
    }

    private static StudyConfig study(String benchmarks) {
        return ConfigLoader.parse("""
                output: out
                base: base
                data: data
                task: {test: test.jsonl, kl_prompts: kl.jsonl, reward: one_of, max_completion_length: 4}
                methods: [{name: a, trainer: sft}]
                benchmarks: %s
                """.formatted(benchmarks), "study.yaml", List.of(), StudyConfig.class);
    }

    private List<PriorSkill> open(String benchmarks) {
        return PriorSkill.open(study(benchmarks), data);
    }

    /// The golden model, whose answers end with their first token, whatever it is.
    private Path terse() throws IOException {
        Path model = Files.createDirectory(data.resolve("model"));
        try (Stream<Path> files = Files.list(Golden.model())) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        String all = IntStream.range(0, 784).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        Files.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": [%s]}".formatted(all));
        return model;
    }

    @Test
    void score_isThePapersMetricOfEachKindOfBenchmark() throws IOException {
        RealSandbox.get();
        List<PriorSkill> skills = open("{tasks: [skill, ifeval, humaneval], chat_template: [ifeval]}");
        assertThat(skills).extracting(PriorSkill::metric).containsExactly("acc", "prompt_level_strict_acc", "pass@1");
        try (PretrainedModel model = PretrainedModel.load(terse(), LoadOptions.frozen("cpu", "float32"))) {
            skills.forEach(skill -> skill.require(model));
            List<Aggregate> scores = skills.stream()
                    .map(skill -> skill.score(model, Progress.silent()))
                    .toList();
            assertThat(scores.get(0).mean()).isIn(0.0, 0.5, 1.0);
            assertThat(scores.get(1).mean())
                    .as("an empty answer follows nothing")
                    .isZero();
            assertThat(scores.get(2).mean())
                    .as("the first prompt is right as it is, the second wrong")
                    .isEqualTo(0.5);
            assertThat(scores.get(2).standardError()).hasValue(0.5);
        }
    }

    @Test
    void metrics_areChosenByBenchmark() {
        assertThat(open("{tasks: [skill, ifeval], metrics: {ifeval: inst_level_loose_acc}}"))
                .extracting(PriorSkill::metric)
                .containsExactly("acc", "inst_level_loose_acc");
        assertThat(open("{tasks: [skill], metric: acc}"))
                .extracting(PriorSkill::metric)
                .containsExactly("acc");
    }

    /// The third prompt has two instructions.
    @Test
    void score_followsTheChosenMetric() throws IOException {
        try (PretrainedModel model = PretrainedModel.load(terse(), LoadOptions.frozen("cpu", "float32"))) {
            Aggregate prompts = open("{tasks: [ifeval]}").getFirst().score(model, Progress.silent());
            assertThat(prompts.count()).isEqualTo(3);
            assertThat(prompts.standardError()).isPresent();
            Aggregate instructions = open("{tasks: [ifeval], metric: inst_level_loose_acc}")
                    .getFirst()
                    .score(model, Progress.silent());
            assertThat(instructions.count()).isEqualTo(4);
            assertThat(instructions.standardError()).isEmpty();
        }
    }

    @Test
    void open_refusesWhatCannotBeMeasured_beforeAModelIsThere() {
        assertThatThrownBy(() -> open("{tasks: [ifeval], metric: acc}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("ifeval has no metric acc; take one of prompt_level_strict_acc");
        assertThatThrownBy(() -> open("{tasks: [gsm8k]}")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> open("{tasks: [nonesuch]}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no benchmark and no file");
        assertThatThrownBy(() -> study("{tasks: [skill], metrics: {ifeval: acc}}"))
                .hasMessageContaining("metrics must give texts to benchmarks of tasks [skill], got ifeval");
        assertThatThrownBy(() -> study("{tasks: [skill], chat_template: [ifeval]}"))
                .hasMessageContaining("chat_template must name benchmarks of tasks [skill], got ifeval");
        assertThatThrownBy(() -> study("{tasks: [skill, skill]}")).hasMessageContaining("tasks must name each once");
        assertThatThrownBy(() -> study("{tasks: [skill, forward_kl]}"))
                .hasMessageContaining("tasks must not be called like other columns of points.csv, got [forward_kl]");
    }

    /// Their first metric is the default, and the paper's.
    @Test
    void everyMultipleChoiceBenchmark_hasAccuracyFirst() {
        assertThat(Benchmarks.ALL)
                .allSatisfy(benchmark -> assertThat(
                                benchmark.metrics().stream().map(Metric::key).findFirst())
                        .hasValue("acc"));
    }
}
