package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;

/// One for a completion that is, white space around it aside, one of the record's `answers`, else zero:
///
/// ```
/// {"prompt": "Number: 48. A digit of the same parity:", "answers": ["0", "2", "4", "6", "8"]}
/// ```
public final class OneOf implements Reward {

    @Override
    public String name() {
        return "one_of";
    }

    @Override
    public void require(JsonRecord record) {
        if (record.texts("answers").isEmpty()) {
            throw record.problem("answers", "is empty; name at least one right answer");
        }
    }

    @Override
    public double score(JsonRecord record, String completion) {
        return record.texts("answers").contains(completion.strip()) ? 1 : 0;
    }
}
