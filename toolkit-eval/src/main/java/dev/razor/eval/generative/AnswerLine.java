package dev.razor.eval.generative;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Sha256;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A kept answer as a line of [dev.razor.eval.partial.PartialSamples].
final class AnswerLine {

    private AnswerLine() {}

    static ObjectNode of(Answer answer, String prompt) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt_hash", Sha256.ofText(prompt))
                .put("text", answer.text())
                .put("tokens", answer.tokens())
                .put("ended", answer.ended())
                .put("dropped_tokens", answer.droppedTokens());
    }

    /// @param prompt what the document's prompt is now
    static Answer read(ObjectNode line, String prompt, String task) {
        if (!line.path("prompt_hash").asString("").equals(Sha256.ofText(prompt))) {
            throw new ConfigException(("output: the kept answer to document %s of %s is to another prompt, the data or"
                            + " the chat template has changed; choose another directory, or delete"
                            + " samples_%s.jsonl.partial")
                    .formatted(line.path("doc_id"), task, task));
        }
        return new Answer(
                line.path("text").asString(""),
                line.path("tokens").asInt(),
                line.path("ended").asBoolean(),
                line.path("dropped_tokens").asInt());
    }
}
