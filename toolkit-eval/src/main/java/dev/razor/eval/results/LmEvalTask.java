package dev.razor.eval.results;

import dev.razor.core.run.JsonLine;
import dev.razor.eval.Aggregate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The scores of one task in the terms of lm-evaluation-harness.
///
/// @param numFewshot how many examples stood before each question
/// @param available how many documents the task has
/// @param asked how many of them were asked
/// @param metrics one a name and filter
/// @param generation how answers are written; null where they are chosen
/// @param samples those of the first filter, then those of the next
record LmEvalTask(
        String name,
        double version,
        int numFewshot,
        int available,
        int asked,
        List<Metric> metrics,
        @Nullable ObjectNode generation,
        List<LmEvalSample> samples) {

    /// A metric behind a filter.
    ///
    /// @param filter `none` where the answer is taken as it is
    record Metric(String name, String filter, Aggregate value) {

        String key() {
            return name + "," + filter;
        }

        String errorKey() {
            return name + "_stderr," + filter;
        }
    }

    /// The names of the metrics, each once.
    List<String> metricNames() {
        return metrics.stream().map(Metric::name).distinct().toList();
    }

    /// The names of the filters, each once.
    List<String> filters() {
        return metrics.stream().map(Metric::filter).distinct().toList();
    }

    /// The lines of the task's samples, and the hash of all documents', prompts' and targets' hashes.
    Lines lines() {
        StringBuilder lines = new StringBuilder();
        StringBuilder hashes = new StringBuilder();
        for (LmEvalSample sample : samples) {
            ObjectNode line = sample.line();
            lines.append(JsonLine.of(line)).append('\n');
            for (String hash : List.of("doc_hash", "prompt_hash", "target_hash")) {
                hashes.append(line.path(hash).asString());
            }
        }
        return new Lines(lines.toString(), LmEvalSample.sha256(hashes.toString()));
    }

    /// The content of a file of samples.
    record Lines(String text, String hash) {}
}
