package dev.razor.eval.results;

import dev.razor.eval.GroupResult;
import dev.razor.eval.generative.GenerativeMetric;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Results in the files and the shape of lm-evaluation-harness 0.4.13 (commit 4e7e0d47f), for tools that read
/// those: `MODEL/results_DATE.json` and `MODEL/samples_TASK_DATE.jsonl`.
///
/// What the harness says of its own environment (its version, transformers', PyTorch's) is left out. `configs`
/// hold what Razor knows of a task, not the harness's whole task file. Hashes are made as the harness makes them,
/// of documents as Razor holds them: `prompt_hash` and `target_hash` are the harness's, `doc_hash` is not.
public final class LmEvalResults {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final String NO_ERROR = "N/A";

    private LmEvalResults() {}

    /// Writes the files into `folder`; each appears complete or not at all, the results last.
    ///
    /// @return the file of the results
    public static Path write(Path folder, LmEvalRun run, List<LmEvalBenchmark> benchmarks) {
        Path target = folder.resolve(sanitized(run.model()));
        String date = DATE.format(run.end());
        ObjectNode hashes = JsonMapper.shared().createObjectNode();
        for (LmEvalBenchmark benchmark : benchmarks) {
            for (LmEvalTask task : benchmark.tasks()) {
                LmEvalTask.Lines lines = task.lines();
                hashes.put(task.name(), lines.hash());
                ResultFiles.replace(target.resolve("samples_%s_%s.jsonl".formatted(task.name(), date)), lines.text());
            }
        }
        ObjectNode tree = tree(run, benchmarks);
        tree.set("task_hashes", hashes);
        Path file = target.resolve("results_%s.json".formatted(date));
        ResultFiles.replace(
                file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
        return file;
    }

    private static ObjectNode tree(LmEvalRun run, List<LmEvalBenchmark> benchmarks) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ObjectNode results = root.putObject("results");
        ObjectNode groups = JsonMapper.shared().createObjectNode();
        ObjectNode members = JsonMapper.shared().createObjectNode();
        ObjectNode configs = JsonMapper.shared().createObjectNode();
        ObjectNode versions = JsonMapper.shared().createObjectNode();
        ObjectNode shots = JsonMapper.shared().createObjectNode();
        ObjectNode higher = JsonMapper.shared().createObjectNode();
        ObjectNode counts = JsonMapper.shared().createObjectNode();
        for (LmEvalBenchmark benchmark : benchmarks) {
            for (GroupResult group : benchmark.groups()) {
                LmEvalTask first = benchmark.tasks().getFirst();
                ObjectNode scores = scores(
                        group.name(),
                        group.aggregates().getFirst().count(),
                        group.aggregates().stream()
                                .map(one -> new LmEvalTask.Metric(one.metric(), GenerativeMetric.NO_FILTER, one))
                                .toList());
                results.set(group.name(), scores);
                groups.set(group.name(), scores.deepCopy());
                children(group, benchmark.groups()).forEach(members.putArray(group.name())::add);
                versions.put(group.name(), Integer.toString((int) group.version()));
                shots.put(group.name(), first.numFewshot());
                first.metricNames().forEach(higherIsBetter(higher, group.name()));
            }
            for (LmEvalTask task : benchmark.tasks()) {
                results.set(task.name(), scores(task.name(), task.asked(), task.metrics()));
                configs.set(task.name(), config(task));
                versions.put(task.name(), task.version());
                shots.put(task.name(), task.numFewshot());
                task.metricNames().forEach(higherIsBetter(higher, task.name()));
                counts.putObject(task.name()).put("original", task.available()).put("effective", task.asked());
            }
        }
        if (!groups.isEmpty()) {
            root.set("groups", groups);
        }
        root.set("group_subtasks", members);
        root.set("configs", configs);
        root.set("versions", versions);
        root.set("n-shot", shots);
        root.set("higher_is_better", higher);
        root.set("n-samples", counts);
        root.set("config", run.settings());
        root.put("git_hash", run.gitCommit());
        root.put("date", run.start().toEpochMilli() / 1e3);
        return root.put("model_source", "razor")
                .put("model_name", run.model())
                .put("model_name_sanitized", sanitized(run.model()))
                .putNull("system_instruction")
                .putNull("system_instruction_sha")
                .put("fewshot_as_multiturn", run.multiturn())
                .put(
                        "total_evaluation_time_seconds",
                        Double.toString(Duration.between(run.start(), run.end()).toMillis() / 1e3));
    }

    private static Consumer<String> higherIsBetter(ObjectNode into, String name) {
        ObjectNode node = into.putObject(name);
        return metric -> node.put(metric, true);
    }

    private static ObjectNode scores(String name, int documents, List<LmEvalTask.Metric> metrics) {
        ObjectNode scores = JsonMapper.shared().createObjectNode();
        scores.put("name", name).put("alias", alias(name));
        scores.put("sample_len", documents);
        for (LmEvalTask.Metric metric : metrics) {
            scores.put(metric.key(), metric.value().mean());
            if (metric.value().standardError().isPresent()) {
                scores.put(metric.errorKey(), metric.value().standardError().getAsDouble());
            } else {
                scores.put(metric.errorKey(), NO_ERROR);
            }
        }
        return scores;
    }

    /// The harness shows MMLU's parts without the prefix, and groups of two words with a space.
    private static String alias(String name) {
        if (!name.startsWith("mmlu_")) {
            return name;
        }
        String part = name.substring("mmlu_".length());
        return part.equals("social_sciences") ? "social sciences" : part;
    }

    /// The groups within a group, where there are some, else its tasks.
    private static List<String> children(GroupResult group, List<GroupResult> all) {
        List<String> within = all.stream()
                .filter(other ->
                        !other.name().equals(group.name()) && group.tasks().containsAll(other.tasks()))
                .map(GroupResult::name)
                .toList();
        return within.isEmpty() ? group.tasks() : within;
    }

    private static ObjectNode config(LmEvalTask task) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("task", task.name()).put("task_alias", alias(task.name()));
        node.put("output_type", task.generation() == null ? "multiple_choice" : "generate_until");
        ArrayNode metrics = node.putArray("metric_list");
        task.metricNames()
                .forEach(metric -> metrics.addObject()
                        .put("metric", metric)
                        .put("aggregation", "mean")
                        .put("higher_is_better", true));
        if (task.generation() != null) {
            node.set("generation_kwargs", task.generation());
        }
        if (!task.filters().equals(List.of(GenerativeMetric.NO_FILTER))) {
            ArrayNode filters = node.putArray("filter_list");
            task.filters().forEach(filter -> filters.addObject().put("name", filter));
        }
        node.put("num_fewshot", task.numFewshot());
        node.put("repeats", 1);
        node.putObject("metadata").put("version", task.version());
        return node;
    }

    /// A model's name as part of a path: all but letters, digits and `_.-` become `__`, as in the harness.
    private static String sanitized(String model) {
        return model.replaceAll("[\"<>:/|\\\\?*\\[\\]]+", "__");
    }
}
