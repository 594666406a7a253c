package dev.razor.core.task;

import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import java.nio.file.Path;
import java.util.function.Consumer;

/// The study's tasks. Each says in one file what its prompts are and where its answers stand.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, section 3</a>
public enum Task {
    /// SciKnowEval, chemistry, level 3: [Science].
    SCIENCE,
    /// ToolAlpaca: [ToolUse].
    TOOLUSE,
    /// Open-Reasoner-Zero: [MathQuestions].
    MATH;

    /// The name on the command line and in ids.
    public String key() {
        return switch (this) {
            case SCIENCE -> "science";
            case TOOLUSE -> "tooluse";
            case MATH -> "math";
        };
    }

    /// Adds the prompts of a source record to `out`.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field of what cannot be used
    void prepare(JsonRecord source, PreparedTasks out) {
        switch (this) {
            case SCIENCE -> Science.prepare(source, out);
            case TOOLUSE -> ToolUse.prepare(source, out);
            case MATH -> MathQuestions.prepare(source, out);
        }
    }

    /// Hands the source records of a file to `action` one after the other, in its order.
    ///
    /// @throws dev.razor.core.base.DataException if the file cannot be read
    void forEach(Path file, Consumer<JsonRecord> action) {
        switch (this) {
            case SCIENCE, TOOLUSE -> DataFiles.forEach(file, action);
            case MATH -> DialogueFile.forEach(file, action);
        }
    }
}
