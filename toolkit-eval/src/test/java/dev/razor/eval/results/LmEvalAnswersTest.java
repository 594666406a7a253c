package dev.razor.eval.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.razor.core.sandbox.Verdict;
import dev.razor.eval.benchmarks.Gsm8k;
import dev.razor.eval.benchmarks.HumanEval;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.code.CodeSample;
import dev.razor.eval.compare.Comparisons;
import dev.razor.eval.compare.PairedComparison;
import dev.razor.eval.generative.Answer;
import dev.razor.eval.generative.AnswerPrompt;
import dev.razor.eval.generative.GenerationLimits;
import dev.razor.eval.generative.GenerativeBenchmark;
import dev.razor.eval.generative.GenerativeDocument;
import dev.razor.eval.generative.GenerativeMetric;
import dev.razor.eval.generative.GenerativeResult;
import dev.razor.eval.generative.GenerativeSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Written answers and programs in lm-evaluation-harness's shape.
class LmEvalAnswersTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String DATE = "2026-01-02T03-04-06.500000";
    private static final EvaluationConfig CONFIG =
            new EvaluationConfig("m", "ab", OptionalInt.empty(), OptionalInt.empty(), false, 7, "float32", "cpu", 16);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private JsonNode write(LmEvalBenchmark benchmark) {
        Path file = LmEvalResults.write(
                folder.resolve("harness"),
                LmEvalRun.of(CONFIG, null, START, START.plusMillis(1500)),
                List.of(benchmark));
        return JsonMapper.shared().readTree(file);
    }

    private List<JsonNode> samples(String task) throws IOException {
        return Files.readAllLines(folder.resolve("harness/m/samples_%s_%s.jsonl".formatted(task, DATE))).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static GenerativeResult result(
            GenerativeBenchmark benchmark, List<GenerativeDocument> documents, String... answers) {
        List<GenerativeSample> samples = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            GenerativeDocument document = documents.get(i);
            samples.add(new GenerativeSample(
                    i,
                    document,
                    document.prompt(new AnswerPrompt.Plain()),
                    new Answer(answers[i], 3, true, 0),
                    document.grader().grade(answers[i])));
        }
        return new GenerativeResult(
                benchmark.name(), benchmark.version(), 0, 9, benchmark.limits(), benchmark.metrics(), samples);
    }

    private GenerativeResult gsm8k() throws IOException {
        Path data = Files.writeString(folder.resolve("test.jsonl"), """
                {"question": "1 + 1?", "answer": "So.\\n#### 2"}
                {"question": "1 + 2?", "answer": "#### 3"}
                """);
        return result(Gsm8k.GSM8K, Gsm8k.GSM8K.load(data, 0), "#### 2", "It is 3. ");
    }

    /// The first answer is right in both ways, the second where any number counts.
    @Test
    void write_ofTwoFilters_hasALineForEach() throws IOException {
        JsonNode results = write(LmEvalBenchmark.of(gsm8k()));

        assertThat(results.at("/results/gsm8k").toString())
                .isEqualTo("{\"name\":\"gsm8k\",\"alias\":\"gsm8k\",\"sample_len\":2,"
                        + "\"exact_match,strict-match\":0.5,\"exact_match_stderr,strict-match\":0.5,"
                        + "\"exact_match,flexible-extract\":1.0,\"exact_match_stderr,flexible-extract\":0.0}");
        assertThat(results.at("/higher_is_better/gsm8k").toString()).isEqualTo("{\"exact_match\":true}");
        assertThat(results.at("/n-samples/gsm8k").toString()).isEqualTo("{\"original\":9,\"effective\":2}");
        JsonNode config = results.at("/configs/gsm8k");
        assertThat(config.path("output_type").asString()).isEqualTo("generate_until");
        assertThat(config.path("filter_list").toString())
                .isEqualTo("[{\"name\":\"strict-match\"},{\"name\":\"flexible-extract\"}]");
        assertThat(config.path("metric_list").size()).isEqualTo(1);
        List<JsonNode> lines = samples("gsm8k");
        assertThat(lines)
                .extracting(line -> line.path("doc_id") + " " + line.path("filter") + " " + line.path("filtered_resps")
                        + " " + line.path("exact_match"))
                .containsExactly(
                        "0 \"strict-match\" [\"2\"] 1.0",
                        "1 \"strict-match\" [\"[invalid]\"] 0.0",
                        "0 \"flexible-extract\" [\"2\"] 1.0",
                        "1 \"flexible-extract\" [\"3.\"] 1.0");
        // sha256 of "Question: 1 + 2?\nAnswer:", and of "#### 3"
        assertThat(lines.get(1).toString())
                .isEqualTo(
                        "{\"doc_id\":1,\"doc\":{\"id\":\"1\",\"question\":\"Question: 1 + 2?\\nAnswer:\","
                                + "\"answer\":\"#### 3\"},\"target\":\"#### 3\",\"arguments\":{\"gen_args_0\":{\"arg_0\":"
                                + "\"Question: 1 + 2?\\nAnswer:\",\"arg_1\":{\"until\":[\"Question:\",\"</s>\",\"<|im_end|>\"],"
                                + "\"max_gen_toks\":256,\"do_sample\":false}}},\"resps\":[[\"It is 3. \"]],"
                                + "\"filtered_resps\":[\"[invalid]\"],\"filter\":\"strict-match\",\"metrics\":[\"exact_match\"],"
                                + "\"doc_hash\":" + lines.get(3).path("doc_hash")
                                + ",\"prompt_hash\":\"152ec73746bb79317f276994668008b4781ffb7e84d9d5d5a3977cfa76e04de9\",\"target_hash\":\"6793ed172859469ba4521dc5d132be9f76f9b282919df755b07388be08c95905\",\"exact_match\":0.0}");
    }

    /// Razor's own files and the harness's of one result compare equal, in every metric.
    @Test
    void write_thenCompared_isTheSame() throws IOException {
        GenerativeResult result = gsm8k();
        var _ = write(LmEvalBenchmark.of(result));
        ResultsJson.write(folder.resolve("own"), CONFIG, List.of(), List.of(result));

        List<PairedComparison> compared = Comparisons.of(folder.resolve("own"), folder.resolve("harness/m"), 1);

        assertThat(compared)
                .extracting(PairedComparison::metric, PairedComparison::a, PairedComparison::difference)
                .containsExactly(
                        tuple("exact_match,strict-match", 0.5, 0.0), tuple("exact_match,flexible-extract", 1.0, 0.0));
        assertThat(compared.getFirst().otherPrompts()).isZero();
    }

    /// A metric with several values an item keeps them as a list, and has no standard error.
    @Test
    void write_ofParts_keepsThem() throws IOException {
        var document =
                GenerativeDocument.of("k", List.of(), "Q", "t", _ -> Map.of("p", List.of(0.0), "i", List.of(1.0, 0.0)));
        var sample = new GenerativeSample(
                0, document, "Q", new Answer("A", 1, true, 0), document.grader().grade("A"));
        var metrics = List.of(GenerativeMetric.of("p"), new GenerativeMetric("i", false));
        JsonNode results = write(LmEvalBenchmark.of(
                new GenerativeResult("toy", 4, 0, 1, new GenerationLimits(List.of(), 8), metrics, List.of(sample))));

        assertThat(results.at("/results/toy").toString())
                .isEqualTo("{\"name\":\"toy\",\"alias\":\"toy\",\"sample_len\":1,\"p,none\":0.0,"
                        + "\"p_stderr,none\":\"N/A\",\"i,none\":0.5,\"i_stderr,none\":\"N/A\"}");
        assertThat(results.at("/configs/toy").has("filter_list")).isFalse();
        JsonNode line = samples("toy").getFirst();
        assertThat(line.path("filter").asString()).isEqualTo("none");
        assertThat(line.path("metrics").toString()).isEqualTo("[\"p\",\"i\"]");
        assertThat(line.path("i").toString()).isEqualTo("[1.0,0.0]");
    }

    /// One of two completions passes: pass@1 is 1/2, pass@2 is 1.
    @Test
    void write_ofPrograms_hasALineAProblem() throws IOException {
        Problem problem = new Problem("H/0", "def f():\n", "f", "def check(f): pass");
        var passed = new CodeSample(5, problem, " return 1", new Verdict(Verdict.Outcome.PASSED, "passed"));
        var failed = new CodeSample(5, problem, " return 2", new Verdict(Verdict.Outcome.FAILED, "no"));
        CodeResult result = new CodeResult(HumanEval.COMPLETION, 164, List.of(passed, failed));
        JsonNode results = write(LmEvalBenchmark.of(result, List.of(1, 2)));

        assertThat(results.at("/results/humaneval").toString())
                .isEqualTo("{\"name\":\"humaneval\",\"alias\":\"humaneval\",\"sample_len\":1,"
                        + "\"pass@1,create_test\":0.5,\"pass@1_stderr,create_test\":\"N/A\","
                        + "\"pass@2,create_test\":1.0,\"pass@2_stderr,create_test\":\"N/A\"}");
        assertThat(results.at("/n-samples/humaneval").toString()).isEqualTo("{\"original\":164,\"effective\":1}");
        JsonNode line = samples("humaneval").getFirst();
        assertThat(line.path("doc_id").asInt()).isEqualTo(5);
        assertThat(line.path("target").asString()).isEqualTo("def check(f): pass\ncheck(f)");
        assertThat(line.path("resps").toString()).isEqualTo("[[\" return 1\",\" return 2\"]]");
        assertThat(line.path("filtered_resps").toString())
                .isEqualTo("[[\"def f():\\n return 1\",\"def f():\\n return 2\"]]");
        assertThat(line.path("pass@1").asDouble()).isEqualTo(0.5);
        assertThat(line.path("filter").asString()).isEqualTo("create_test");
    }
}
