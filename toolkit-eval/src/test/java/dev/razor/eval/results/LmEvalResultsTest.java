package dev.razor.eval.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.GroupResult;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.Metric;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LmEvalResultsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static TaskResult task(String name, Document... documents) {
        List<Sample> samples = IntStream.range(0, documents.length)
                .mapToObj(i -> new Sample(
                        i,
                        documents[i],
                        documents[i].requests(new PromptStyle.Plain()),
                        List.of(new LogLikelihood(-1.5, true), new LogLikelihood(-2, false)),
                        List.of(0, 0)))
                .toList();
        return new TaskResult(name, 1.0, 5, 9, List.of(Metric.ACCURACY), samples);
    }

    private JsonNode write(BenchmarkResult result) throws IOException {
        var config = new EvaluationConfig(
                "models/m", "ab", OptionalInt.of(2), OptionalInt.of(5), false, 7, "float32", "cpu", 16);
        Path file = LmEvalResults.write(
                folder,
                LmEvalRun.of(config, "c0ffee", START, START.plusMillis(1500)),
                List.of(LmEvalBenchmark.of(result)));
        assertThat(file).hasToString(folder + "/models__m/results_2026-01-02T03-04-06.500000.json");
        return JsonMapper.shared().readTree(file);
    }

    @Test
    void write_hasTheHarnesssKeys() throws IOException {
        Document right = Document.of("q", List.of("a", "b"), List.of(0));
        Document wrong = Document.of("q", List.of("a", "b"), List.of(1));
        TaskResult one = task("mmlu_astronomy", right, wrong);
        TaskResult two = task("mmlu_sociology", right);
        JsonNode results = write(new BenchmarkResult(
                List.of(one, two),
                List.of(
                        new GroupResult("mmlu", 2, List.of("mmlu_astronomy", "mmlu_sociology"), one.aggregates()),
                        new GroupResult("mmlu_stem", 2, List.of("mmlu_astronomy"), one.aggregates()),
                        new GroupResult("mmlu_social_sciences", 2, List.of("mmlu_sociology"), two.aggregates()))));

        assertThat(results.propertyNames())
                .contains(
                        "results",
                        "groups",
                        "group_subtasks",
                        "configs",
                        "versions",
                        "n-shot",
                        "higher_is_better",
                        "n-samples",
                        "config",
                        "git_hash",
                        "date",
                        "task_hashes");
        assertThat(results.at("/results/mmlu_astronomy").toString())
                .isEqualTo("{\"name\":\"mmlu_astronomy\",\"alias\":\"astronomy\",\"sample_len\":2,"
                        + "\"acc,none\":0.5,\"acc_stderr,none\":0.5}");
        assertThat(results.at("/results/mmlu_sociology/acc_stderr,none").asString())
                .isEqualTo("N/A");
        assertThat(results.at("/results/mmlu_social_sciences/alias").asString()).isEqualTo("social sciences");
        assertThat(results.at("/groups/mmlu/acc,none").asDouble()).isEqualTo(0.5);
        assertThat(results.at("/group_subtasks").toString())
                .isEqualTo("{\"mmlu\":[\"mmlu_stem\",\"mmlu_social_sciences\"],\"mmlu_stem\":[\"mmlu_astronomy\"],"
                        + "\"mmlu_social_sciences\":[\"mmlu_sociology\"]}");
        assertThat(results.at("/versions/mmlu").asString()).isEqualTo("2");
        assertThat(results.at("/versions/mmlu_astronomy").asDouble()).isEqualTo(1);
        assertThat(results.at("/n-shot/mmlu_astronomy").asInt()).isEqualTo(5);
        assertThat(results.at("/higher_is_better/mmlu_astronomy/acc").asBoolean())
                .isTrue();
        assertThat(results.at("/n-samples/mmlu_astronomy").toString()).isEqualTo("{\"original\":9,\"effective\":2}");
        assertThat(results.at("/config/limit").asDouble()).isEqualTo(2.0);
        assertThat(results.at("/git_hash").asString()).isEqualTo("c0ffee");
        assertThat(results.at("/date").asDouble()).isEqualTo(1_767_323_045.0);
    }

    @Test
    void write_samplesAreTheHarnesssLines() throws IOException {
        Document blank = new Document(
                "", List.of(), List.of(new Choice("So Ann", "won."), new Choice("So Bob", "won.")), List.of(1));
        var _ = write(new BenchmarkResult(List.of(task("winogrande", blank)), List.of()));

        Path file = folder.resolve("models__m/samples_winogrande_2026-01-02T03-04-06.500000.jsonl");
        JsonNode line = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(line.path("arguments").toString())
                .isEqualTo("{\"gen_args_0\":{\"arg_0\":\"So Ann\",\"arg_1\":\" won.\"},"
                        + "\"gen_args_1\":{\"arg_0\":\"So Bob\",\"arg_1\":\" won.\"}}");
        assertThat(line.path("resps").toString()).isEqualTo("[[[\"-1.5\",\"True\"]],[[\"-2.0\",\"False\"]]]");
        assertThat(line.path("filtered_resps").toString()).isEqualTo("[[\"-1.5\",\"True\"],[\"-2.0\",\"False\"]]");
        assertThat(line.path("target").asString()).isEqualTo("won.");
        assertThat(line.path("metrics").toString()).isEqualTo("[\"acc\"]");
        assertThat(line.path("acc").asDouble()).isZero();
        // sha256("So Ann")
        assertThat(line.path("prompt_hash").asString())
                .isEqualTo("8d79e073d73b631d0ebbecac84e153d5cb5b9aec5d15e33c8d09acfdae81e6e9");
    }
}
