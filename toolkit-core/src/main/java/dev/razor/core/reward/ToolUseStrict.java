package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.List;
import java.util.Map;

/// One for a completion that makes the record's calls of tools, `golden_answer`, else zero, without the faults of
/// [ToolUse]: each `Action:` has its own `Action Input:`, of which one whole JSON object is read, whatever it
/// nests and whatever its strings hold, and the calls are compared as (action, input) pairs, each as often as it
/// is there and in any order. A call whose input is missing or no JSON object is wrong. 1 equals 1.0, but not
/// `true`.
///
/// ```
/// gold                            completion                      tool_use    tool_use_strict
/// add {"item": {"id": 1}}         add {"item": {"id": 1}}         0 (cut)     1
/// a {"x": 1}, b {"x": 2}          a {"x": 9}, b {"x": 2}          1 (merged)  0
/// a {"x": 1}, b {"y": 2}          a {"y": 2}, b {"x": 1}          1 (merged)  0
/// ```
public final class ToolUseStrict implements Reward {

    @Override
    public String name() {
        return "tool_use_strict";
    }

    @Override
    public void require(JsonRecord record) {
        for (int i = 0; i < ToolCalls.gold(record).size(); i++) {
            String input = ToolCalls.gold(record).get(i).input();
            if (!(JsonValues.whole(input, false) instanceof Map)) {
                throw record.problem(
                        "golden_answer[%d].Action_Input".formatted(i),
                        "expected a JSON object in a string, got '%s'".formatted(input));
            }
        }
    }

    @Override
    public double score(JsonRecord record, String completion) {
        List<ToolCalls.Call> made = ToolCalls.calls(completion);
        List<ToolCalls.Call> right = ToolCalls.gold(record).stream()
                .map(call -> new ToolCalls.Call(call.action(), JsonValues.whole(call.input(), false)))
                .toList();
        boolean readable = made.stream().allMatch(call -> call.input() != null);
        return readable && ToolCalls.counted(made).equals(ToolCalls.counted(right)) ? 1 : 0;
    }
}
