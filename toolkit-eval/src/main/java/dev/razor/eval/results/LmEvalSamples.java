package dev.razor.eval.results;

import dev.razor.core.run.Sha256;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.Metric;
import dev.razor.eval.Sample;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TextRequest;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The lines of lm-evaluation-harness's `samples_TASK_DATE.jsonl`: numbers and flags of answers are texts as
/// Python writes them, as in the harness.
///
/// @param lines one a document
/// @param hash of all documents', prompts' and targets' hashes
record LmEvalSamples(String lines, String hash) {

    static LmEvalSamples of(TaskResult task) {
        var lines = new StringBuilder();
        var hashes = new StringBuilder();
        for (Sample sample : task.samples()) {
            ObjectNode line = line(sample, task.metrics());
            lines.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
            for (String hash : List.of("doc_hash", "prompt_hash", "target_hash")) {
                hashes.append(line.path(hash).asString());
            }
        }
        return new LmEvalSamples(lines.toString(), sha256(hashes.toString()));
    }

    private static ObjectNode line(Sample sample, List<Metric> metrics) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        ObjectNode document = document(sample.document());
        String target = target(sample.document());
        line.put("doc_id", sample.index());
        line.set("doc", document);
        line.put("target", target);
        ObjectNode arguments = line.putObject("arguments");
        ArrayNode answers = line.putArray("resps");
        ArrayNode filtered = line.putArray("filtered_resps");
        for (int i = 0; i < sample.requests().size(); i++) {
            TextRequest request = sample.requests().get(i);
            arguments.putObject("gen_args_" + i).put("arg_0", request.context()).put("arg_1", request.continuation());
            answer(answers.addArray().addArray(), sample.scores().get(i));
            answer(filtered.addArray(), sample.scores().get(i));
        }
        line.put("filter", "none");
        metrics.stream().map(Metric::key).forEach(line.putArray("metrics")::add);
        line.put("doc_hash", sha256(JsonMapper.shared().writeValueAsString(document)));
        line.put("prompt_hash", sha256(sample.requests().getFirst().context()));
        line.put("target_hash", sha256(target));
        sample.values(metrics).forEach(line::put);
        return line;
    }

    private static void answer(ArrayNode into, LogLikelihood score) {
        into.add(Double.toString(score.sum())).add(score.greedy() ? "True" : "False");
    }

    private static ObjectNode document(Document document) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("query", document.choices().getFirst().query());
        document.choices().stream().map(Choice::text).forEach(node.putArray("choices")::add);
        document.gold().forEach(node.putArray("gold")::add);
        return node;
    }

    /// The index of the right choice; where the choices differ in what stands before them, the text that is
    /// scored.
    private static String target(Document document) {
        boolean oneQuery =
                document.choices().stream().map(Choice::query).distinct().count() == 1;
        return oneQuery
                ? document.gold().getFirst().toString()
                : document.choices().getFirst().text();
    }

    private static String sha256(String text) {
        return Sha256.ofText(text).replaceFirst("^sha256:", "");
    }
}
