package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Math: questions whose final answer can be checked, answered in `\boxed{}`.
///
/// Source records have one of three forms, told apart by their fields:
///
/// ```
/// Open-Reasoner-Zero  [{"from": "human", "value": "..."},
///                      {"from": "assistant", "ground_truth": {"value": "431"}}]
/// GSM8K               {"question": "...", "answer": "... #### 5"}
/// MATH and its kin    {"problem": "...", "answer": "\\frac{1}{2}"}
/// ```
///
/// RL's Razor does not state its prompt. This one is the nearest public one, of a replication that is not the
/// authors' (Nathan22ux/nnsj-rl-razor-experiment); that it is put into one user message is our choice.
///
/// @see <a href="https://arxiv.org/abs/2503.24290">Open-Reasoner-Zero</a>
public final class MathQuestions {

    private static final String GSM8K_ANSWER = "####";

    private MathQuestions() {}

    /// The prompt of a question: one user message.
    public static ArrayNode prompt(String question) {
        return PreparedTask.messages("user", """
            Question: %s
            Please reason step by step, and put your final answer within \\boxed{}.
            ### Answer
            """.formatted(question));
    }

    /// Adds the source record's question with `answer`, its final answer as text.
    static void prepare(JsonRecord source, PreparedTasks out) {
        if (source.has(DialogueFile.TURNS)) {
            fromDialogue(source, out);
            return;
        }
        String question = source.has("problem") ? source.text("problem") : source.text("question");
        String answer = source.text("answer");
        int mark = answer.lastIndexOf(GSM8K_ANSWER);
        add(source, question, mark < 0 ? answer : answer.substring(mark + GSM8K_ANSWER.length()), out);
    }

    private static void fromDialogue(JsonRecord source, PreparedTasks out) {
        List<JsonRecord> turns = source.objects(DialogueFile.TURNS);
        if (turns.size() != 2
                || !turns.getFirst().text("from").equals("human")
                || !turns.getLast().text("from").equals("assistant")) {
            throw source.problem(
                    "expected a turn from human and one from assistant, got %d turns".formatted(turns.size()));
        }
        JsonRecord last = turns.getLast();
        if (!(last.node().get("ground_truth") instanceof ObjectNode truth)) {
            throw last.problem("ground_truth", "expected an object with a value");
        }
        JsonRecord given = new JsonRecord(source.file(), source.line(), last.at() + "ground_truth.", truth);
        add(source, turns.getFirst().text("value"), given.text("value"), out);
    }

    private static void add(JsonRecord source, String question, String answer, PreparedTasks out) {
        if (question.isBlank()) {
            throw source.problem("the question is empty; remove the record");
        }
        if (answer.isBlank()) {
            throw source.problem("the answer is empty, so that nothing could be right; remove the record");
        }
        PreparedTask prepared = PreparedTask.of(Task.MATH.key(), PreparedTask.normalised(question), prompt(question));
        prepared.node().put("answer", answer.strip());
        out.add(prepared);
    }
}
