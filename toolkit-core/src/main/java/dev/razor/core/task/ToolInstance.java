package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// One conversation of ToolAlpaca's training file, `train_data.json`:
///
/// ```
/// {"input": "...", "output": "...",
///  "intermediate_steps": [[[ACTION, INPUT, THOUGHT AND CALL], OBSERVATION], ...]}
/// ```
///
/// As ToolAlpaca's own preparation does, an instance without steps, with more than five, or that only asked for
/// the documentation (`getDetails`) is left out, and a `Hint` behind the question is cut off. Our choice: an
/// instance is also left out where a call failed (its observation does not begin with `Status Code: 2`), because
/// its calls are then no right answer, or where an input is no JSON object. Steps of `getDetails` are not among
/// the right calls.
///
/// @param calls what was called
/// @param demonstration the steps' `Thought`, `Action` and `Action Input` lines, without observations
record ToolInstance(String instruction, ArrayNode calls, String demonstration) {

    private static final int MOST_STEPS = 5;
    private static final String DETAILS = "getDetails";
    private static final String THOUGHT = "Thought:";

    /// The instance, or null where it is left out, which `out` then counts.
    ///
    /// @throws dev.razor.core.base.DataException if it has another form
    static @Nullable ToolInstance of(JsonRecord instance, PreparedTasks out) {
        if (!instance.has("intermediate_steps")
                || instance.node().path("intermediate_steps").isEmpty()) {
            out.leaveOut("instance without calls");
            return null;
        }
        JsonNode steps = instance.node().path("intermediate_steps");
        if (steps.size() > MOST_STEPS) {
            out.leaveOut("instance of more than %d steps".formatted(MOST_STEPS));
            return null;
        }
        ArrayNode calls = JsonMapper.shared().createArrayNode();
        List<String> lines = new ArrayList<>();
        for (JsonNode step : steps) {
            String action = text(instance, step.path(0).path(0));
            if (action.equals(DETAILS)) {
                continue;
            }
            String input = text(instance, step.path(0).path(1));
            if (!ToolCalls.isObject(input) || !text(instance, step.path(1)).startsWith("Status Code: 2")) {
                out.leaveOut("instance with a failed call");
                return null;
            }
            ToolCalls.add(calls, action, input);
            String log = text(instance, step.path(0).path(2)).strip();
            lines.add(log.startsWith(THOUGHT) ? log : THOUGHT + " " + log);
        }
        if (calls.isEmpty()) {
            out.leaveOut("instance without calls");
            return null;
        }
        String question = instance.text("input");
        int hint = question.lastIndexOf("\nHint: ");
        return new ToolInstance(hint < 0 ? question : question.substring(0, hint), calls, String.join("\n", lines));
    }

    private static String text(JsonRecord instance, JsonNode value) {
        if (!value.isString()) {
            throw instance.problem(
                    "intermediate_steps", "expected [[[action, input, text], observation], ...] of texts");
        }
        return value.stringValue();
    }
}
