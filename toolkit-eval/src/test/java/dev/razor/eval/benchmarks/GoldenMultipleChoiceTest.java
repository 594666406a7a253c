package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.Document;
import dev.razor.eval.Evaluator;
import dev.razor.eval.Golden;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TokenizedRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The harness's own run on records in the forms of the published data: every string, every token id and every
/// score.
class GoldenMultipleChoiceTest {

    private static final JsonNode GOLDEN = Golden.json("multiple_choice.json");

    @TempDir
    Path data;

    @BeforeEach
    void writeRecords() {
        JsonNode items = GOLDEN.get("items_in_raw_schema");
        Golden.write(data.resolve("hellaswag/hellaswag_val.jsonl"), lines(items.get("hellaswag")));
        Golden.write(
                data.resolve("truthfulqa/validation.json"),
                items.get("truthfulqa").toString());
        Golden.write(data.resolve("winogrande/dev.jsonl"), lines(items.get("winogrande")));
        for (String split : List.of("test", "dev")) {
            String all = items.get("mmlu")
                    .valueStream()
                    .map(subject -> lines(subject.get(split)))
                    .collect(Collectors.joining());
            Golden.write(data.resolve("mmlu/%s.jsonl".formatted(split)), all);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "zero_shot, hellaswag, 7",
        "zero_shot, truthfulqa_mc1, 5",
        "zero_shot, truthfulqa_mc2, 5",
        "zero_shot, winogrande, 6",
        "zero_shot, mmlu_astronomy, 3",
        "zero_shot, mmlu_us_foreign_policy, 3",
        "mmlu_5_shot, mmlu_astronomy, 3",
        "mmlu_5_shot, mmlu_us_foreign_policy, 3",
        "zero_shot_chat_template, hellaswag, 7",
        "zero_shot_chat_template, mmlu_astronomy, 3",
        "zero_shot_chat_template, mmlu_us_foreign_policy, 3"
    })
    void run_equalsTheHarness(String run, String task, int documents) {
        JsonNode golden = GOLDEN.get("runs").get(run).get(task);
        MultipleChoiceBenchmark benchmark = Benchmarks.named(task, data);
        var options = new Evaluator.Options(
                OptionalInt.empty(),
                run.equals("mmlu_5_shot") ? 5 : 0,
                run.endsWith("chat_template") ? new PromptStyle.Chat(Golden::chat) : new PromptStyle.Plain());

        var evaluator = new Evaluator(Golden.pairs(), requests -> answers(golden, requests));
        TaskResult result = evaluator.run(benchmark, data, options).tasks().getFirst();

        assertThat(result.samples())
                .hasSize(documents)
                .hasSize(golden.get("docs").size());
        for (Sample sample : result.samples()) {
            checkSample(golden.get("docs").get(sample.index()), sample, benchmark.metrics());
        }
        for (Aggregate aggregate : result.aggregates()) {
            String key = aggregate.metric();
            double expected = key.equals("acc_bytes")
                    ? golden.get("acc_bytes").asDouble()
                    : golden.get("aggregate").get(key).asDouble();
            assertThat(aggregate.mean()).as(key).isCloseTo(expected, within(1e-12));
        }
    }

    /// Answers with the harness's numbers, if the token ids are the harness's.
    private static List<LogLikelihood> answers(JsonNode golden, List<TokenizedRequest> requests) {
        List<JsonNode> expected = golden.get("docs")
                .valueStream()
                .flatMap(document -> document.get("requests").valueStream())
                .toList();
        assertThat(requests).hasSameSizeAs(expected);
        var answers = new ArrayList<LogLikelihood>();
        for (int i = 0; i < expected.size(); i++) {
            JsonNode request = expected.get(i);
            assertThat(requests.get(i).contextIds())
                    .hasSize(request.get("context_tokens").asInt());
            assertThat(requests.get(i).continuationIds())
                    .containsExactly(Golden.integers(request.get("continuation_ids")).stream()
                            .mapToInt(Integer::intValue)
                            .toArray());
            answers.add(new LogLikelihood(
                    request.get("loglikelihood").asDouble(),
                    request.get("is_greedy").asBoolean()));
        }
        return answers;
    }

    private static void checkSample(JsonNode golden, Sample sample, List<Metric> metrics) {
        JsonNode requests = golden.get("requests");
        for (int i = 0; i < requests.size(); i++) {
            assertThat(sample.requests().get(i).context())
                    .isEqualTo(requests.get(i).get("context").asString());
            assertThat(sample.requests().get(i).continuation())
                    .isEqualTo(requests.get(i).get("continuation").asString());
        }
        Document document = sample.document();
        assertThat(document.gold()).contains(golden.get("gold_index").asInt());
        assertThat(Metric.ACCURACY.prediction(document, sample.sums()))
                .isEqualTo(golden.get("argmax").asInt());
        JsonNode normalised = golden.get("normalised");
        if (normalised != null) {
            assertThat(Metric.ACCURACY_BY_CHARACTERS.prediction(document, sample.sums()))
                    .isEqualTo(normalised.get("argmax_by_characters").asInt());
            assertThat(Metric.ACCURACY_BY_BYTES.prediction(document, sample.sums()))
                    .isEqualTo(normalised.get("argmax_by_bytes").asInt());
        }
        golden.get("metrics")
                .properties()
                .forEach(metric -> assertThat(sample.values(metrics).get(metric.getKey()))
                        .as(metric.getKey())
                        .isCloseTo(metric.getValue().asDouble(), within(1e-12)));
        if (golden.has("mc2_stable")) {
            assertThat(Metric.MASS_ON_RIGHT.of(document, sample.sums()))
                    .isCloseTo(golden.get("mc2_stable").asDouble(), within(1e-12));
        }
    }

    @Test
    void run_poolsTheSubjectsOfMmlu() {
        JsonNode runs = GOLDEN.get("runs").get("zero_shot");
        var evaluator = new Evaluator(Golden.pairs(), requests -> {
            var answers = new ArrayList<LogLikelihood>();
            answers.addAll(answers(runs.get("mmlu_astronomy"), requests.subList(0, 12)));
            answers.addAll(answers(runs.get("mmlu_us_foreign_policy"), requests.subList(12, 24)));
            return answers;
        });

        BenchmarkResult result = evaluator.run(
                Benchmarks.named("mmlu", data),
                data,
                new Evaluator.Options(OptionalInt.empty(), 0, new PromptStyle.Plain()));

        // Both subjects have 2 of 3 right: 2/3 of 6, each error sqrt(1/3)/sqrt(3) = 1/3,
        // variance (2 * 3 / 9 * 2) / (6 - 2) = 1/3, pooled error sqrt(1/3/6).
        assertThat(result.groups())
                .extracting(group -> group.name())
                .containsExactly("mmlu", "mmlu_stem", "mmlu_social_sciences");
        Aggregate whole = result.groups().getFirst().aggregates().getFirst();
        assertThat(whole.mean()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(whole.standardError().orElseThrow()).isCloseTo(Math.sqrt(1.0 / 18), within(1e-12));
        assertThat(result.groups().get(1).tasks()).containsExactly("mmlu_astronomy");
    }

    private static String lines(JsonNode records) {
        return records.valueStream().map(each -> each + "\n").collect(Collectors.joining());
    }
}
