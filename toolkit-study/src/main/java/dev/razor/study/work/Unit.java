package dev.razor.study.work;

import dev.razor.core.base.Check;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.util.List;

/// One piece of a study's work.
///
/// @param name unlike any other unit's, and fit for a file's name
/// @param inputs SHA-256 in hexadecimal of everything that its result follows from: settings, digests of files,
/// inputs of what it needs
/// @param needs names of units that stand earlier in the list and must be done first
/// @param work what is done; its results appear by rename
public record Unit(String name, String inputs, List<String> needs, Work work) {

    public Unit {
        Check.that(name.matches("[A-Za-z0-9._=+-]+"), "a unit's name has letters, digits and . _ = + -, got %s", name);
        needs = List.copyOf(needs);
    }

    /// What a unit does.
    @FunctionalInterface
    public interface Work {

        /// Does it, from where an interrupted attempt with the same inputs has left it.
        void run(Progress progress) throws IOException;

        /// Puts away what was made from other inputs, so that nothing of it gets into the new result. Called
        /// before [#run] unless the last attempt had the same inputs; may be called again after an
        /// interruption.
        default void discard() throws IOException {}

        /// Whether what other units need of this one is still there. A unit of which it is not is done again.
        default boolean present() {
            return true;
        }
    }
}
