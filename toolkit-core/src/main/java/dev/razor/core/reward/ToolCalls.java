package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The calls of tools in a text of lines `Action: NAME` and `Action Input: {...}`, and in a record's
/// `golden_answer`:
///
/// ```
/// {"golden_answer": [{"Action": "getDay", "Action_Input": "{\"date\": \"2024-05-01\"}"}], ...}
/// ```
final class ToolCalls {

    static final Pattern ACTION = Pattern.compile("Action:" + PythonText.SPACE + "*(" + PythonText.WORD + "+)");

    static final String INPUT = "Action Input:";

    private ToolCalls() {}

    /// One of the right calls.
    record Gold(String action, String input) {}

    static List<Gold> gold(JsonRecord record) {
        return record.objects("golden_answer").stream()
                .map(call -> new Gold(call.text("Action"), call.text("Action_Input")))
                .toList();
    }

    /// As `re.findall(r"Action:\s*(\w+)", text)`.
    static List<String> actions(String text) {
        return ACTION.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /// As `re.findall(r"Action Input:\s*({.*?})", text, re.DOTALL)`, in one pass.
    static List<String> flatInputs(String text) {
        List<String> inputs = new ArrayList<>();
        int at = text.indexOf(INPUT);
        while (at >= 0) {
            int open = afterSpace(text, at + INPUT.length());
            int from = at + INPUT.length();
            if (open < text.length() && text.charAt(open) == '{') {
                int close = text.indexOf('}', open);
                if (close < 0) {
                    return inputs;
                }
                inputs.add(text.substring(open, close + 1));
                from = close + 1;
            }
            at = text.indexOf(INPUT, from);
        }
        return inputs;
    }

    /// A call with what its input says, null where that is no JSON object.
    record Call(String action, @Nullable Object input) {}

    /// The calls as written, each action with the input that stands before the next action. What an input's
    /// strings hold is no action.
    static List<Call> calls(String text) {
        List<Call> calls = new ArrayList<>();
        Matcher action = ACTION.matcher(text);
        int from = 0;
        while (from <= text.length() && action.find(from)) {
            String name = action.group(1);
            int next = text.indexOf("Action:", action.end());
            int marker = text.indexOf(INPUT, action.end());
            from = action.end();
            Object input = null;
            if (marker >= 0 && (next < 0 || marker < next)) {
                int open = afterSpace(text, marker + INPUT.length());
                from = marker + INPUT.length();
                if (open < text.length() && text.charAt(open) == '{') {
                    JsonValues.Read read = JsonValues.first(text, open, false);
                    input = read == null ? null : read.value();
                    from = read == null ? open : read.end();
                }
            }
            calls.add(new Call(name, input));
        }
        return calls;
    }

    /// How often each thing is there.
    static <T> Map<T, Integer> counted(List<T> things) {
        Map<T, Integer> counts = new HashMap<>();
        things.forEach(thing -> counts.merge(thing, 1, Integer::sum));
        return Collections.unmodifiableMap(counts);
    }

    private static int afterSpace(String text, int at) {
        int end = at;
        while (end < text.length() && PythonText.isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
