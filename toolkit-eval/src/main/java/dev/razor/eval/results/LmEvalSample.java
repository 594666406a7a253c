package dev.razor.eval.results;

import dev.razor.core.run.Sha256;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A line of lm-evaluation-harness's `samples_TASK_DATE.jsonl`: a document as it was asked, answered and marked
/// behind one filter.
///
/// @param id the document's place in the task, from 0
/// @param document as Razor holds it
/// @param requests what the model was asked, one a choice or one alone
/// @param filter what took the compared part of the answers
/// @param metrics values by name
record LmEvalSample(
        int id,
        ObjectNode document,
        String target,
        List<Request> requests,
        String filter,
        SequencedMap<String, JsonNode> metrics) {

    /// A request and its answers, in texts as Python prints them.
    ///
    /// @param prompt the text before what is scored or written
    /// @param argument what is scored, or how an answer is written
    /// @param responses one a repetition
    /// @param filtered what the filter made of them
    record Request(String prompt, JsonNode argument, ArrayNode responses, JsonNode filtered) {}

    ObjectNode line() {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("doc_id", id);
        line.set("doc", document);
        line.put("target", target);
        ObjectNode arguments = line.putObject("arguments");
        ArrayNode responses = line.putArray("resps");
        ArrayNode filtered = line.putArray("filtered_resps");
        for (Request request : requests) {
            arguments
                    .putObject("gen_args_" + arguments.size())
                    .put("arg_0", request.prompt())
                    .set("arg_1", request.argument());
            responses.add(request.responses());
            filtered.add(request.filtered());
        }
        line.put("filter", filter);
        metrics.keySet().forEach(line.putArray("metrics")::add);
        line.put("doc_hash", sha256(JsonMapper.shared().writeValueAsString(document)));
        line.put("prompt_hash", sha256(requests.getFirst().prompt()));
        line.put("target_hash", sha256(target));
        metrics.forEach(line::set);
        return line;
    }

    /// The SHA-256 of a text in hexadecimal digits.
    static String sha256(String text) {
        return Sha256.ofText(text).replaceFirst("^sha256:", "");
    }
}
