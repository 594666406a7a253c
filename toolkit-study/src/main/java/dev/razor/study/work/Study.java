package dev.razor.study.work;

import dev.razor.core.run.Progress;
import dev.razor.core.run.Provenance;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A study as the command line sees it: planned from its file, run until nothing is missing, started again after
/// anything.
public interface Study {

    /// What would be done, without doing it. Works also where models or data are not there yet.
    Plan plan();

    /// Brings what the study reads, is not there and can be had: entries of models.lock, tasks prepared from
    /// them, labels.
    ///
    /// @param fetch fetches the entries of these names that are not there yet
    /// @param told is given a line about each thing that was made
    void provide(Consumer<List<String>> fetch, Consumer<String> told, Progress progress);

    /// Does what is missing. Points, fits and report are written anew after each unit that ends.
    Result run(Request request, Progress progress);

    /// How a study is to be run.
    ///
    /// @param jobs units done at the same time
    /// @param only names of the runs that are asked for
    /// @param commandLine what the user typed, for the report
    record Request(int jobs, Predicate<String> only, Provenance provenance, String commandLine) {}

    /// What a study ended with.
    ///
    /// @param report the page; it may not exist where not even the base was measured
    record Result(Path report, Outcome outcome) {}
}
