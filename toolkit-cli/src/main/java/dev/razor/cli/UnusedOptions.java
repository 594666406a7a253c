package dev.razor.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Refuses options that were given and would do nothing.
final class UnusedOptions {

    private UnusedOptions() {}

    /// Refuses those of `options` that stand on the command line.
    ///
    /// @param used whether they do something
    /// @param condition when they would, such as `--execute`
    /// @throws ParameterException with the first of them
    static void refuse(CommandLine command, boolean used, String condition, String... options) {
        List<String> given = Arrays.stream(options)
                .filter(option -> command.getParseResult().hasMatchedOption(option))
                .toList();
        if (!used && !given.isEmpty()) {
            throw new ParameterException(
                    command,
                    "%s: %s no effect %s"
                            .formatted(String.join(", ", given), given.size() == 1 ? "has" : "have", condition));
        }
    }
}
