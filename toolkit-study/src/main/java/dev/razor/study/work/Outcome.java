package dev.razor.study.work;

import java.util.List;

/// What became of a study's units, each list in their order.
///
/// @param done those that are done now, whenever that was
/// @param failures those that failed or were skipped in this run
/// @param leftOut those that were not asked for and are not done
public record Outcome(List<String> done, List<Failure> failures, List<String> leftOut) {

    public Outcome {
        done = List.copyOf(done);
        failures = List.copyOf(failures);
        leftOut = List.copyOf(leftOut);
    }

    /// A unit that came to nothing.
    ///
    /// @param reason why, in one line
    /// @param skipped whether it was not begun, because what it needs failed
    public record Failure(String unit, String reason, boolean skipped) {}
}
