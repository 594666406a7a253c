package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import java.util.List;
import java.util.function.Consumer;

/// Someone who answers prompts.
interface LabelTeacher extends AutoCloseable {

    /// Checks that the teacher can be asked the record's prompt.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field where it cannot
    void require(JsonRecord record);

    /// Searches labels. What came of a prompt is handed to `done` as soon as it is known, in the caller's thread
    /// and in any order.
    ///
    /// @throws dev.razor.core.base.UserException if the teacher cannot be asked any more
    void label(List<LabelTask> tasks, Consumer<PromptLabel> done);

    @Override
    void close();
}
