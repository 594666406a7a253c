package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// Tool use: questions of ToolAlpaca that are answered by calls of one API's functions, in `Action` and `Action
/// Input` lines.
///
/// Source records have one of three forms, told apart by their fields:
///
/// ```
/// ToolAlpaca, evaluation  {"Name", "Description", "NLDocumentation", "Instructions": [n], "Golden_Answers": [n]}
/// ToolAlpaca, training    {"Name", "Description", "NLDocumentation", "Instances": [...]}
/// self-distillation       {"prompt", "golden_answer", "golden_response"}, one a question
/// ```
///
/// The last form's prompt is taken as it stands, its `golden_response` joined by newlines is the demonstration,
/// the target of SFT. Of the training form see [ToolInstance]. All questions about one API are one group: a
/// split tests tools that were not trained on, as ToolAlpaca's own evaluation does.
///
/// Questions with a right call whose input is no JSON object are left out. Of the 100 of ToolAlpaca's simulated
/// evaluation file 70 remain, among them the 68 of that paper's first release, byte for byte.
///
/// @see <a href="https://arxiv.org/abs/2306.05301">ToolAlpaca</a>
/// @see <a href="https://arxiv.org/abs/2601.19897">Self-Distillation Enables Continual Learning</a>
public final class ToolUse {

    private ToolUse() {}

    /// The prompt of a question: one user message and no system message, so that a chat template adds its own.
    ///
    /// @param documentation the API's functions in words, ToolAlpaca's `NLDocumentation` unchanged
    public static ArrayNode prompt(String name, String description, String documentation, String instruction) {
        return PreparedTask.messages("user", """
            Your task is to answer the user's question using available tools.\s
            You have access to the following tools:
            Name: %s
            Description: %s
            Documentation:
            %s
            Use the following format:
            Thought: you should always think about what to do
            Action: the action to take, should be one of the tool names.
            Action Input: the input to the action, must be in JSON format. \
            All of the action input must be realistic and from the user.

            Begin!
            Question: %s""".formatted(name, description, documentation, instruction));
    }

    /// Adds the source record's questions with `golden_answer`, the right calls.
    static void prepare(JsonRecord source, PreparedTasks out) {
        if (source.has("prompt")) {
            fromQuestion(source, out);
        } else if (source.has("Golden_Answers")) {
            fromEvaluation(source, out);
        } else if (source.has("Instances")) {
            fromTraining(source, out);
        } else {
            throw source.problem("has none of prompt, Golden_Answers and Instances; give ToolAlpaca's files, or records"
                    + " of prompt, golden_answer and golden_response");
        }
    }

    private static void fromQuestion(JsonRecord source, PreparedTasks out) {
        ArrayNode prompt = PreparedTask.messages("user", source.text("prompt"));
        String name = source.has("name") ? source.text("name") : source.text("prompt");
        String demonstration =
                source.has("golden_response") ? String.join("\n", source.texts("golden_response")) : null;
        add(name, prompt, ToolCalls.given(source, "golden_answer"), demonstration, out);
    }

    private static void fromEvaluation(JsonRecord api, PreparedTasks out) {
        List<String> instructions = api.texts("Instructions");
        List<Optional<ArrayNode>> answers = ToolCalls.givenEach(api, "Golden_Answers");
        if (instructions.size() != answers.size()) {
            throw api.problem(
                    "Golden_Answers", "has %d for %d Instructions".formatted(answers.size(), instructions.size()));
        }
        for (int i = 0; i < answers.size(); i++) {
            add(api.text("Name"), prompt(api, instructions.get(i)), answers.get(i), null, out);
        }
    }

    private static void fromTraining(JsonRecord api, PreparedTasks out) {
        for (JsonRecord instance : api.objects("Instances")) {
            ToolInstance used = ToolInstance.of(instance, out);
            if (used != null) {
                var calls = Optional.of(used.calls());
                add(api.text("Name"), prompt(api, used.instruction()), calls, used.demonstration(), out);
            }
        }
    }

    private static ArrayNode prompt(JsonRecord api, String instruction) {
        return prompt(api.text("Name"), api.text("Description"), api.text("NLDocumentation"), instruction);
    }

    private static void add(
            String name,
            ArrayNode prompt,
            Optional<ArrayNode> calls,
            @Nullable String demonstration,
            PreparedTasks out) {
        if (calls.isEmpty()) {
            out.leaveOut("a right call whose input is no JSON object");
            return;
        }
        PreparedTask prepared = PreparedTask.of(Task.TOOLUSE.key(), PreparedTask.normalised(name), prompt);
        prepared.node().set("golden_answer", calls.get());
        if (demonstration != null) {
            prepared.node().set("completion", PreparedTask.messages("assistant", demonstration));
        }
        prepared.node().put("name", name);
        out.add(prepared);
    }
}
