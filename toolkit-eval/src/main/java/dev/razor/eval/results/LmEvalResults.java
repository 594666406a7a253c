package dev.razor.eval.results;

import dev.razor.core.run.OutputDirectory;
import dev.razor.eval.Aggregate;
import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.GroupResult;
import dev.razor.eval.Metric;
import dev.razor.eval.TaskResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private static final int FEWSHOT_SEED = 1234;

    private LmEvalResults() {}

    /// Writes the files into `folder`; each appears complete or not at all, the results last.
    ///
    /// @param gitCommit of the checkout that Razor runs in
    /// @param start when the evaluation began
    /// @param end when it ended, which names the files
    /// @return the file of the results
    public static Path write(
            Path folder,
            EvaluationConfig config,
            List<BenchmarkResult> benchmarks,
            @Nullable String gitCommit,
            Instant start,
            Instant end) {
        Path target = folder.resolve(sanitized(config.model()));
        String date = DATE.format(end);
        ObjectNode hashes = JsonMapper.shared().createObjectNode();
        for (BenchmarkResult benchmark : benchmarks) {
            for (TaskResult task : benchmark.tasks()) {
                LmEvalSamples samples = LmEvalSamples.of(task);
                hashes.put(task.name(), samples.hash());
                Path file = target.resolve("samples_%s_%s.jsonl".formatted(task.name(), date));
                OutputDirectory.publish(file, path -> Files.writeString(path, samples.lines()));
            }
        }
        ObjectNode tree = tree(config, benchmarks, gitCommit, start, end);
        tree.set("task_hashes", hashes);
        Path file = target.resolve("results_%s.json".formatted(date));
        String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        OutputDirectory.publish(file, path -> Files.writeString(path, text));
        return file;
    }

    static ObjectNode tree(
            EvaluationConfig config,
            List<BenchmarkResult> benchmarks,
            @Nullable String gitCommit,
            Instant start,
            Instant end) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ObjectNode results = root.putObject("results");
        ObjectNode groups = JsonMapper.shared().createObjectNode();
        ObjectNode members = JsonMapper.shared().createObjectNode();
        ObjectNode configs = JsonMapper.shared().createObjectNode();
        ObjectNode versions = JsonMapper.shared().createObjectNode();
        ObjectNode shots = JsonMapper.shared().createObjectNode();
        ObjectNode higher = JsonMapper.shared().createObjectNode();
        ObjectNode counts = JsonMapper.shared().createObjectNode();
        for (BenchmarkResult benchmark : benchmarks) {
            for (GroupResult group : benchmark.groups()) {
                ObjectNode scores = scores(group.name(), group.aggregates());
                results.set(group.name(), scores);
                groups.set(group.name(), scores.deepCopy());
                children(group, benchmark.groups()).forEach(members.putArray(group.name())::add);
                versions.put(group.name(), Integer.toString((int) group.version()));
                shots.put(group.name(), benchmark.tasks().getFirst().numFewshot());
                better(higher.putObject(group.name()), benchmark.tasks().getFirst());
            }
            for (TaskResult task : benchmark.tasks()) {
                results.set(task.name(), scores(task.name(), task.aggregates()));
                configs.set(task.name(), config(task));
                versions.put(task.name(), task.version());
                shots.put(task.name(), task.numFewshot());
                better(higher.putObject(task.name()), task);
                counts.putObject(task.name())
                        .put("original", task.available())
                        .put("effective", task.samples().size());
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
        root.set("config", settings(config));
        root.put("git_hash", gitCommit);
        root.put("date", start.toEpochMilli() / 1e3);
        return root.put("model_source", "razor")
                .put("model_name", config.model())
                .put("model_name_sanitized", sanitized(config.model()))
                .putNull("system_instruction")
                .putNull("system_instruction_sha")
                .put("fewshot_as_multiturn", config.chatTemplate())
                .put(
                        "total_evaluation_time_seconds",
                        Double.toString(Duration.between(start, end).toMillis() / 1e3));
    }

    private static ObjectNode scores(String name, List<Aggregate> aggregates) {
        ObjectNode scores = JsonMapper.shared().createObjectNode();
        scores.put("name", name).put("alias", alias(name));
        scores.put("sample_len", aggregates.getFirst().count());
        for (Aggregate aggregate : aggregates) {
            scores.put(aggregate.metric() + ",none", aggregate.mean());
            String error = aggregate.metric() + "_stderr,none";
            if (aggregate.standardError().isPresent()) {
                scores.put(error, aggregate.standardError().getAsDouble());
            } else {
                scores.put(error, NO_ERROR);
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

    private static ObjectNode config(TaskResult task) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("task", task.name()).put("task_alias", alias(task.name())).put("output_type", "multiple_choice");
        ArrayNode metrics = node.putArray("metric_list");
        task.metrics()
                .forEach(metric -> metrics.addObject()
                        .put("metric", metric.key())
                        .put("aggregation", "mean")
                        .put("higher_is_better", true));
        node.put("num_fewshot", task.numFewshot());
        node.put("repeats", 1);
        node.putObject("metadata").put("version", task.version());
        return node;
    }

    private static void better(ObjectNode into, TaskResult task) {
        task.metrics().stream().map(Metric::key).forEach(key -> into.put(key, true));
    }

    private static ObjectNode settings(EvaluationConfig config) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("model", "razor")
                .put("model_args", "pretrained=%s,dtype=%s".formatted(config.model(), config.dtype()))
                .put("model_dtype", config.dtype())
                .put("model_sha", config.modelHash())
                .put("batch_size", Integer.toString(config.batchSize()));
        node.putArray("batch_sizes");
        node.put("device", config.device()).putNull("use_cache");
        if (config.limit().isPresent()) {
            node.put("limit", (double) config.limit().getAsInt());
        } else {
            node.putNull("limit");
        }
        return node.putNull("gen_kwargs").put("random_seed", config.seed()).put("fewshot_seed", FEWSHOT_SEED);
    }

    /// A model's name as part of a path: all but letters, digits and `_.-` become `__`, as in the harness.
    private static String sanitized(String model) {
        return model.replaceAll("[\"<>:/|\\\\?*\\[\\]]+", "__");
    }
}
