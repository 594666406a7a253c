package dev.razor.cli.doctor;

import dev.razor.core.base.Check;
import java.util.Locale;

/// One thing that was looked at.
///
/// @param what the part of the machine, in a word or two
/// @param found what it is
/// @param remedy what to do; empty where nothing has to be done
public record Finding(String what, Status status, String found, String remedy) {

    /// How much it matters.
    public enum Status {
        /// as it should be
        OK,
        /// training runs, something else does not, or not well
        WARNING,
        /// training cannot run
        FAILED;

        /// As it is printed.
        public String label() {
            return this == FAILED ? name() : name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        Check.that(remedy.isEmpty() == (status == Status.OK), "%s: %s with remedy '%s'", what, status, remedy);
    }

    static Finding ok(String what, String found) {
        return new Finding(what, Status.OK, found, "");
    }

    static Finding warning(String what, String found, String remedy) {
        return new Finding(what, Status.WARNING, found, remedy);
    }

    static Finding failed(String what, String found, String remedy) {
        return new Finding(what, Status.FAILED, found, remedy);
    }

    /// A problem told as Razor's messages are, *where: what is wrong; what to do*.
    ///
    /// @param otherwise what to do where the message does not say it
    static Finding of(String what, Status status, String problem, String otherwise) {
        int end = problem.indexOf("; ");
        return end < 0
                ? new Finding(what, status, problem, otherwise)
                : new Finding(what, status, problem.substring(0, end), problem.substring(end + 2));
    }
}
