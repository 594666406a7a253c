package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;

/// What a completion of a record's prompt is worth.
public interface Reward {

    /// The name in a configuration, such as `one_of`.
    String name();

    /// Checks that `record` holds what this reward needs.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field
    void require(JsonRecord record);

    /// The worth of `completion`, the text without special tokens; a right answer has 1 or more.
    double score(JsonRecord record, String completion);
}
