package dev.razor.eval.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
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
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultsJsonTest {

    private static final EvaluationConfig CONFIG = new EvaluationConfig(
            "model-a", "sha256:ab12", OptionalInt.of(2), OptionalInt.of(0), false, 7, "float32", "cpu", 16);

    @TempDir
    Path folder;

    private static Sample sample(int index, double first, double second) {
        Document document = Document.of("wie gehts?", List.of("gut", "schön"), List.of(1));
        return new Sample(
                index,
                document,
                document.requests(new PromptStyle.Plain()),
                List.of(new LogLikelihood(first, true), new LogLikelihood(second, false)),
                List.of(0, index));
    }

    private static BenchmarkResult result(int samples) {
        TaskResult task = new TaskResult(
                "toy",
                1.0,
                0,
                9,
                List.of(Metric.ACCURACY, Metric.ACCURACY_BY_CHARACTERS),
                List.of(sample(0, -1, -2), sample(1, -3, -2)).subList(0, samples));
        return new BenchmarkResult(
                List.of(task), List.of(new GroupResult("toys", 2.0, List.of("toy"), task.aggregates())));
    }

    private JsonNode write(int samples) throws IOException {
        ResultsJson.write(folder, CONFIG, List.of(result(samples)));
        return JsonMapper.shared().readTree(folder.resolve("results.json"));
    }

    @Test
    void write_recordsScoresAndSettings() throws IOException {
        JsonNode results = write(2);

        // acc: 0 and 1. acc_norm: -1/3 > -2/5 is wrong, -3/3 < -2/5 is right.
        assertThat(results.at("/results/toy/acc").asDouble()).isEqualTo(0.5);
        assertThat(results.at("/results/toy/acc_stderr").asDouble()).isCloseTo(0.5, within(1e-15));
        assertThat(results.at("/results/toys/acc_norm").isNumber()).isTrue();
        assertThat(results.at("/versions").toString()).isEqualTo("{\"toys\":2.0,\"toy\":1.0}");
        assertThat(results.at("/n-samples/toy").toString()).isEqualTo("{\"original\":9,\"effective\":2}");
        assertThat(results.at("/truncated_requests/toy").asInt()).isEqualTo(1);
        assertThat(results.at("/config").toString())
                .isEqualTo("{\"model\":\"model-a\",\"limit\":2,\"num_fewshot\":0,\"chat_template\":false,"
                        + "\"seed\":7,\"dtype\":\"float32\",\"device\":\"cpu\",\"batch_size\":16}");
        assertThat(results.at("/model_hash").asString()).isEqualTo("sha256:ab12");
    }

    @Test
    void write_hasNoErrorOfASingleDocument() throws IOException {
        JsonNode results = write(1);

        assertThat(results.at("/results/toy/acc_stderr").isNull()).isTrue();
    }

    @Test
    void write_logsEverySample() throws IOException {
        write(2);

        List<String> lines = Files.readAllLines(folder.resolve("samples_toy.jsonl"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1))
                .isEqualTo("{\"doc_id\":1,\"contexts\":[\"wie gehts?\",\"wie gehts?\"],"
                        + "\"continuations\":[\" gut\",\" schön\"],\"choices\":[\"gut\",\"schön\"],"
                        + "\"loglikelihoods\":[-3.0,-2.0],\"is_greedy\":[true,false],\"gold\":1,\"prediction\":1,"
                        + "\"metrics\":{\"acc\":1.0,\"acc_norm\":1.0},\"dropped_tokens\":[0,1]}");
    }

    @Test
    void write_leavesNothingButTheFiles() throws IOException {
        write(2);
        write(1);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("results.json", "samples_toy.jsonl");
        }
        assertThat(Files.readAllLines(folder.resolve("samples_toy.jsonl"))).hasSize(1);
    }

    @Test
    void write_listsGroupMembers() throws IOException {
        assertThat(write(2).at("/group_subtasks/toys").toString()).isEqualTo("[\"toy\"]");
        assertThat(result(2).groups().getFirst().aggregates())
                .extracting(Aggregate::metric)
                .containsExactly("acc", "acc_norm");
    }
}
