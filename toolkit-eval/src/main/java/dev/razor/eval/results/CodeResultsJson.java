package dev.razor.eval.results;

import dev.razor.core.run.JsonLine;
import dev.razor.eval.Aggregate;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.code.CodeSample;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `results.json` and `samples_TASK.jsonl` of completions that were run; the fields of
/// [ResultsJson] where both have them.
public final class CodeResultsJson {

    private static final JsonMapper JSON = JsonMapper.shared();

    private CodeResultsJson() {}

    /// How the completions were run.
    ///
    /// @param completions the file that they come from, as the user named it
    /// @param hash a checksum of that file
    /// @param sandbox what isolated them
    public record Config(String completions, String hash, List<Integer> k, double timeout, int jobs, String sandbox) {}

    /// Writes both files into `folder`, as [ResultsJson#write] does.
    public static void write(Path folder, Config config, CodeResult result) {
        String lines = result.samples().stream()
                .map(sample -> JsonLine.of(line(sample)) + "\n")
                .collect(Collectors.joining());
        ResultFiles.replace(
                folder.resolve("samples_%s.jsonl".formatted(result.task().taskName())), lines);
        String text = JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(tree(config, result));
        ResultFiles.replace(folder.resolve("results.json"), text + "\n");
    }

    private static ObjectNode line(CodeSample sample) {
        ObjectNode line = JSON.createObjectNode()
                .put("doc_id", sample.problemIndex())
                .put("task_id", sample.problem().taskId())
                .put("completion", sample.completion())
                .put("passed", sample.verdict().passed())
                .put("outcome", sample.verdict().outcome().name().toLowerCase(Locale.ROOT))
                .put("result", sample.verdict().reason());
        line.putObject("metrics").put("pass@1", sample.verdict().passed() ? 1.0 : 0.0);
        return line;
    }

    private static ObjectNode tree(Config config, CodeResult result) {
        String task = result.task().taskName();
        ObjectNode root = JSON.createObjectNode();
        ObjectNode scores = root.putObject("results").putObject(task);
        for (int k : config.k()) {
            Aggregate aggregate = result.passAt(k);
            scores.put(aggregate.metric(), aggregate.mean());
            String error = aggregate.metric() + "_stderr";
            if (aggregate.standardError().isPresent()) {
                scores.put(error, aggregate.standardError().getAsDouble());
            } else {
                scores.putNull(error);
            }
        }
        scores.put("sample_len", result.problems());
        root.putObject("versions").put(task, result.task().version());
        root.putObject("n-shot").put(task, 0);
        root.putObject("n-samples").putObject(task).put("effective", result.problems());
        ObjectNode settings = root.putObject("config");
        settings.put("completions", config.completions());
        settings.put("completions_hash", config.hash());
        settings.put("completions_count", result.samples().size());
        config.k().forEach(settings.withArray("k")::add);
        settings.put("timeout", config.timeout()).put("jobs", config.jobs()).put("sandbox", config.sandbox());
        return root;
    }
}
