package dev.razor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--resume`: go on with a run that was interrupted.
final class ResumeOption {

    /// Where to go on from.
    enum From {
        AUTO
    }

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "auto",
            paramLabel = "auto",
            description = "Go on from the newest whole checkpoint in the output directory; start where there is none.")
    private @Nullable From from;

    boolean wanted() {
        return from != null;
    }
}
