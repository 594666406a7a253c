package dev.razor.core.sandbox;

/// What became of a program.
///
/// @param reason one line; some of it may be the program's own words, so show it and do not trust it
public record Verdict(Outcome outcome, String reason) {

    private static final int LONGEST = 400;

    /// The ways in which a test ends.
    public enum Outcome {
        /// The test ran to its end.
        PASSED,

        /// A result was wrong, or the program failed, ended itself, or answered with something other than data.
        FAILED,

        TIMED_OUT,

        /// The test itself is at fault: no program could pass it.
        BROKEN_TEST
    }

    static Verdict failed(String reason) {
        return new Verdict(Outcome.FAILED, oneLine(reason));
    }

    static Verdict brokenTest(String reason) {
        return new Verdict(Outcome.BROKEN_TEST, oneLine(reason));
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    private static String oneLine(String text) {
        String line =
                text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
