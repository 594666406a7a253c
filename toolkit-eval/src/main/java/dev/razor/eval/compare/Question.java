package dev.razor.eval.compare;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a line of samples says of its question, by which two lines are found to be of the same one.
///
/// Lines of one shape are compared by the whole of it: Razor's own by choices and right answers, lines with a
/// hash of the document by that hash, where the documents have the same fields. Lines of two shapes (Razor's
/// and lm-evaluation-harness's, say) are compared by what both must tell: the choices, and the right answer or,
/// where that is told in other terms (IFEval), the prompt.
///
/// @param shape what decides `content`: the fields of the hashed document, empty where there is none
/// @param content of the whole question
/// @param name its name in the data, empty where the line does not say
/// @param choices without white space around; empty where the answer is written
/// @param target the right answer, or the index of the right choice
record Question(String shape, String content, String name, List<String> choices, String target) {

    static Question of(ObjectNode line) {
        List<String> choices = choices(line);
        String target =
                line.has("gold") ? gold(line, choices) : line.path("target").asString("");
        JsonNode document = line.path("doc");
        String name = line.path("task_id").asString(document.path("task_id").asString(""));
        if (line.hasNonNull("doc_hash")) {
            String fields = "doc " + String.join(" ", document.propertyNames());
            return new Question(fields, line.path("doc_hash").asString(""), name, choices, target);
        }
        String content = choices + " " + line.path("gold") + " " + target + " " + name;
        return new Question("", content, name, choices, target);
    }

    private static List<String> choices(ObjectNode line) {
        List<String> choices = new ArrayList<>();
        line.path("choices").forEach(choice -> choices.add(choice.asString("").strip()));
        for (JsonNode request : line.path("arguments")) {
            if (request.path("arg_1").isString()) {
                choices.add(request.path("arg_1").asString().strip());
            }
        }
        return choices;
    }

    /// As the harness gives it: the first right choice's index or, where the choices differ in what stands before
    /// them, the text that is scored.
    private static String gold(ObjectNode line, List<String> choices) {
        long contexts = line.path("contexts").valueStream().distinct().count();
        if (contexts > 1 && !choices.isEmpty()) {
            return choices.getFirst();
        }
        JsonNode gold = line.path("gold");
        return (gold.isArray() ? gold.path(0) : gold).asString("");
    }

    /// @param samePrompt whether both models were asked in the same words
    boolean isSame(Question other, boolean samePrompt) {
        if (shape.equals(other.shape)) {
            return content.equals(other.content);
        }
        if (!name.isEmpty() && !other.name.isEmpty()) {
            return name.equals(other.name);
        }
        return choices.equals(other.choices) && (target.strip().equals(other.target.strip()) || samePrompt);
    }

    /// In what two questions differ that are not the same.
    String difference(Question other) {
        if (shape.equals(other.shape) && !shape.isEmpty()) {
            return "the documents' hashes differ";
        }
        if (!name.equals(other.name) && !name.isEmpty() && !other.name.isEmpty()) {
            return "it is %s there and %s here".formatted(other.name, name);
        }
        if (!choices.equals(other.choices)) {
            return "the choices differ";
        }
        return "the right answer is %s here and %s there".formatted(shown(target), shown(other.target));
    }

    private static String shown(String text) {
        String line = text.strip().replace("\n", "\\n");
        return line.isEmpty() ? "not told" : line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }
}
