package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One for a completion that makes the record's calls of tools, `golden_answer`, else zero; exactly as the scorer
/// of the tool-use task of Shenfeld et al., Self-Distillation Enables Continual Learning (2601.19897), its faults
/// included:
///
/// ```
/// Counter(re.findall(r"Action:\s*(\w+)", text)) == Counter(gold actions)
/// merge(json.loads(b) for b in re.findall(r"Action Input:\s*({.*?})", text, re.DOTALL)) == merge(gold inputs)
/// ```
///
/// What `json.loads` refuses is skipped, and `==` is Python's ([JsonValues]): 1 equals 1.0 and `true`. The
/// faults: an input ends at its first `}`, so that a nested object is cut and skipped, and of equal keys of
/// several calls only the last is compared, whichever call it belongs to. [ToolUseStrict] has neither.
public final class ToolUse implements Reward {

    @Override
    public String name() {
        return "tool_use";
    }

    @Override
    public void require(JsonRecord record) {
        var _ = ToolCalls.gold(record);
    }

    @Override
    public double score(JsonRecord record, String completion) {
        List<ToolCalls.Gold> gold = ToolCalls.gold(record);
        boolean actions = ToolCalls.counted(ToolCalls.actions(completion))
                .equals(ToolCalls.counted(
                        gold.stream().map(ToolCalls.Gold::action).toList()));
        return actions
                        && merged(ToolCalls.flatInputs(completion))
                                .equals(merged(
                                        gold.stream().map(ToolCalls.Gold::input).toList()))
                ? 1
                : 0;
    }

    private static Map<Object, Object> merged(List<String> inputs) {
        Map<Object, Object> all = new HashMap<>();
        for (String input : inputs) {
            if (JsonValues.whole(input, true) instanceof Map<?, ?> fields) {
                all.putAll(fields);
            }
        }
        return all;
    }
}
