package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.reward.math.Equivalence;
import dev.razor.core.reward.math.FinalAnswer;
import tools.jackson.databind.JsonNode;

/// One for a completion whose final answer is the record's `answer`, LaTeX or a number, else zero. The final
/// answer is the content of the last closed `\boxed{}`, else the last number; what is the same is
/// [Equivalence]'s. Of an `answer` with a solution before it, as GSM8K has it, what stands after the last `####`
/// counts.
///
/// Runs in a virtual machine of its own, because formulas can be made that take long.
public final class MathAnswer implements Reward {

    /// No answer is longer.
    private static final int LONGEST_ANSWER = 10_000;

    @Override
    public String name() {
        return "math";
    }

    @Override
    public void require(JsonRecord record) {
        if (gold(record).isBlank()) {
            throw record.problem("answer", "is empty; give the right answer, in LaTeX or as a number");
        }
    }

    @Override
    public double score(JsonRecord record, String completion) {
        String answer = FinalAnswer.of(completion);
        return answer != null && answer.length() <= LONGEST_ANSWER && Equivalence.equal(gold(record), answer) ? 1 : 0;
    }

    private static String gold(JsonRecord record) {
        JsonNode number = record.node().get("answer");
        String gold = number != null && number.isNumber() ? number.asString() : record.text("answer");
        int mark = gold.lastIndexOf("####");
        return mark < 0 ? gold : gold.substring(mark + 4).strip();
    }
}
