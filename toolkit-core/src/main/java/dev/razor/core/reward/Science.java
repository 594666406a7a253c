package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;

/// One for a completion whose answer is the record's `answer`, a letter, else zero. Its answer is what stands
/// after the last `<answer>`, up to the next `</answer>` or the end, without white space around it; a completion
/// without `<answer>` is compared whole:
///
/// ```
/// completion.split("<answer>")[-1].split("</answer>")[0].strip() == record["answer"]
/// ```
///
/// This is the scorer of the science task of Shenfeld et al., Self-Distillation Enables Continual Learning
/// (2601.19897).
public final class Science implements Reward {

    private static final String OPEN = "<answer>";
    private static final String CLOSE = "</answer>";

    @Override
    public String name() {
        return "science";
    }

    @Override
    public void require(JsonRecord record) {
        if (!record.text("answer").matches("[A-Z]")) {
            throw record.problem("answer", "expected one capital letter, got '%s'".formatted(record.text("answer")));
        }
    }

    @Override
    public double score(JsonRecord record, String completion) {
        int open = completion.lastIndexOf(OPEN);
        String answer = open < 0 ? completion : completion.substring(open + OPEN.length());
        int close = answer.indexOf(CLOSE);
        answer = close < 0 ? answer : answer.substring(0, close);
        return PythonText.strip(answer).equals(record.text("answer")) ? 1 : 0;
    }
}
