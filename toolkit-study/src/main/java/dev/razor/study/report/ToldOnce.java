package dev.razor.study.report;

import java.util.List;
import java.util.Optional;

/// What to tell of problems that are found at every look at the same files: once, until the files change.
final class ToldOnce {

    private String told = "";

    /// One line of `problems`, or nothing where it was given already.
    ///
    /// @param files stands for the files and their state
    Optional<String> of(String files, List<String> problems) {
        String line = problems.getFirst()
                + (problems.size() == 1 ? "" : " (and %d more problems)".formatted(problems.size() - 1));
        String now = files + line;
        if (now.equals(told)) {
            return Optional.empty();
        }
        told = now;
        return Optional.of(line);
    }
}
