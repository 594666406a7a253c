package dev.razor.eval.results;

import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.GroupResult;
import dev.razor.eval.TaskResult;
import dev.razor.eval.generative.GenerativeResult;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `results.json`, the scores of an evaluation, and `samples_TASK.jsonl`, every question and answer behind them.
///
/// Field names are those of lm-evaluation-harness where it has them. A standard error that cannot be known, as
/// that of a single document, is null.
public final class ResultsJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResultsJson() {}

    /// As the other, of benchmarks whose answers are chosen.
    public static void write(Path folder, EvaluationConfig config, List<BenchmarkResult> benchmarks) {
        write(folder, config, benchmarks, List.of());
    }

    /// Writes the files into `folder`, which is made where it is missing. Each appears complete or not at all;
    /// `results.json` comes last. Files of an earlier evaluation are replaced.
    public static void write(
            Path folder, EvaluationConfig config, List<BenchmarkResult> benchmarks, List<GenerativeResult> answered) {
        for (GenerativeResult task : answered) {
            ResultFiles.replace(folder.resolve("samples_%s.jsonl".formatted(task.name())), AnswersJson.lines(task));
        }
        for (BenchmarkResult benchmark : benchmarks) {
            for (TaskResult task : benchmark.tasks()) {
                ResultFiles.replace(folder.resolve("samples_%s.jsonl".formatted(task.name())), SamplesJson.lines(task));
            }
        }
        String text = JSON.writer()
                .with(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(tree(config, benchmarks, answered));
        ResultFiles.replace(folder.resolve("results.json"), text + "\n");
    }

    /// The content of `results.json`.
    static ObjectNode tree(EvaluationConfig config, List<BenchmarkResult> benchmarks) {
        return tree(config, benchmarks, List.of());
    }

    private static ObjectNode tree(
            EvaluationConfig config, List<BenchmarkResult> benchmarks, List<GenerativeResult> answered) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode results = root.putObject("results");
        ObjectNode members = root.putObject("group_subtasks");
        ObjectNode versions = root.putObject("versions");
        ObjectNode shots = root.putObject("n-shot");
        ObjectNode counts = root.putObject("n-samples");
        ObjectNode truncated = root.putObject("truncated_requests");
        for (BenchmarkResult benchmark : benchmarks) {
            for (GroupResult group : benchmark.groups()) {
                scores(results.putObject(group.name()), group.aggregates());
                group.tasks().forEach(members.putArray(group.name())::add);
                versions.put(group.name(), group.version());
            }
            for (TaskResult task : benchmark.tasks()) {
                scores(results.putObject(task.name()), task.aggregates());
                versions.put(task.name(), task.version());
                shots.put(task.name(), task.numFewshot());
                counts.putObject(task.name())
                        .put("original", task.available())
                        .put("effective", task.samples().size());
                truncated.put(task.name(), task.truncatedRequests());
            }
        }
        for (GenerativeResult task : answered) {
            scores(results.putObject(task.name()), task.aggregates());
            versions.put(task.name(), task.version());
            shots.put(task.name(), task.numFewshot());
            counts.putObject(task.name())
                    .put("original", task.available())
                    .put("effective", task.samples().size());
            truncated.put(task.name(), task.truncatedRequests());
        }
        if (!answered.isEmpty()) {
            ObjectNode unended = root.putObject("unended_answers");
            answered.forEach(task -> unended.put(task.name(), task.unendedAnswers()));
        }
        root.set("config", config(config));
        root.put("model_hash", config.modelHash());
        return root;
    }

    private static void scores(ObjectNode into, List<Aggregate> aggregates) {
        for (Aggregate aggregate : aggregates) {
            into.put(aggregate.metric(), aggregate.mean());
            String error = errorKey(aggregate.metric());
            if (aggregate.standardError().isPresent()) {
                into.put(error, aggregate.standardError().getAsDouble());
            } else {
                into.putNull(error);
            }
        }
        into.put("sample_len", aggregates.getFirst().count());
    }

    /// The name of a metric's standard error: before the filter where the metric has one.
    private static String errorKey(String metric) {
        int filter = metric.indexOf(',');
        return filter < 0 ? metric + "_stderr" : metric.substring(0, filter) + "_stderr" + metric.substring(filter);
    }

    private static ObjectNode config(EvaluationConfig config) {
        ObjectNode node = JSON.createObjectNode();
        node.put("model", config.model());
        if (config.limit().isPresent()) {
            node.put("limit", config.limit().getAsInt());
        } else {
            node.putNull("limit");
        }
        if (config.numFewshot().isPresent()) {
            node.put("num_fewshot", config.numFewshot().getAsInt());
        } else {
            node.putNull("num_fewshot");
        }
        return node.put("chat_template", config.chatTemplate())
                .put("seed", config.seed())
                .put("dtype", config.dtype())
                .put("device", config.device())
                .put("batch_size", config.batchSize());
    }
}
