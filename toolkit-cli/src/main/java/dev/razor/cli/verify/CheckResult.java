package dev.razor.cli.verify;

import org.jspecify.annotations.Nullable;

/// One line of `razor verify`.
///
/// @param name the family of numbers and what of it, such as `sft.loss`
/// @param error the largest deviation, or the number of differences; null where nothing could be computed
/// @param tolerance what the error may be at most; null where there is no bound
/// @param note where the largest error stands, or why there is none
public record CheckResult(
        String name, @Nullable Double error, @Nullable Double tolerance, Status status, String note) {

    /// What came of a check.
    public enum Status {
        OK("ok"),
        FAILED("FAILED"),
        /// Shown, not judged: there is no bound for it.
        REPORTED("reported");

        private final String label;

        Status(String label) {
            this.label = label;
        }

        /// The word in the output.
        public String label() {
            return label;
        }
    }

    static CheckResult judged(String name, double error, double tolerance, String note) {
        // not "error > tolerance", which lets NaN pass
        return new CheckResult(name, error, tolerance, error <= tolerance ? Status.OK : Status.FAILED, note);
    }

    static CheckResult reported(String name, double error, String note) {
        return new CheckResult(name, error, null, Status.REPORTED, note);
    }

    static CheckResult unjudged(String name, String reason) {
        return new CheckResult(name, null, null, Status.REPORTED, reason);
    }

    static CheckResult failed(String name, String reason) {
        return new CheckResult(name, null, null, Status.FAILED, reason);
    }
}
