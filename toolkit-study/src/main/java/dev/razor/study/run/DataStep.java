package dev.razor.study.run;

import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Data that a study makes before its first run where they are not there.
sealed interface DataStep permits TaskStep, LabelStep {

    /// Whether something is to be made.
    boolean isToDo();

    /// Whether `file` will be there when it is made.
    boolean brings(Path file);

    /// What has to be there, or fetched, before.
    Stream<Named> sources();

    /// Why it cannot be made, a line each.
    ///
    /// @param comes whether an earlier step brings a file
    List<String> problems(Predicate<Path> comes);

    /// What will be made, for people; or, of what is there, how it differs from what the file asks for. Empty
    /// where there is nothing to say.
    List<String> notes();

    /// Makes it.
    ///
    /// @param told is given a line about what was made
    void make(Consumer<String> told, Progress progress);
}
