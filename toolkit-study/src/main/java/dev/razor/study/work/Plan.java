package dev.razor.study.work;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// What a study would do, for people to read before it begins.
///
/// @param rows the units in order
/// @param notes lines about the whole: time, disk, memory, what is left of an earlier file
/// @param missing lines about what is not there yet: models, data files
public record Plan(List<Row> rows, List<String> notes, List<String> missing) {

    public Plan {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
        missing = List.copyOf(missing);
    }

    /// A time as people read it: `45 s`, `12 min`, `3.5 h`, `2.1 days`.
    public static String duration(double seconds) {
        if (seconds < 99.5) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        if (seconds < 99.5 * 60) {
            return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        }
        return seconds < 48 * 3600
                ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
                : String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
    }

    /// One unit.
    ///
    /// @param method what it belongs to
    /// @param steps training steps; 0 where there are none
    /// @param amount of work in the field's terms, such as `12,800 completions`; empty where it is not known
    /// @param seconds estimated; empty where they cannot be
    /// @param state what stands on disk
    /// @param reason why it is not done where it was begun; else empty
    public record Row(
            String name,
            String method,
            long steps,
            String amount,
            OptionalDouble seconds,
            State state,
            String reason) {}

    /// What stands on disk of a unit.
    public enum State {
        DONE("done"),
        TO_DO("to do"),
        /// Begun and not ended; it goes on where it stopped.
        BEGUN("to go on"),
        /// What it follows from has changed; it is done anew.
        CHANGED("changed"),
        FAILED("failed before");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /// As the plan shows it.
        public String text() {
            return text;
        }

        /// The state of a unit whose inputs are `inputs` now.
        ///
        /// @param found what is on disk
        public static State of(UnitState found, String inputs) {
            if (!found.inputs().equals(inputs)) {
                return found.inputs().isEmpty() ? TO_DO : CHANGED;
            }
            return switch (found.status()) {
                case DONE -> DONE;
                case RUNNING -> BEGUN;
                case FAILED -> FAILED;
                case SKIPPED -> TO_DO;
            };
        }
    }
}
