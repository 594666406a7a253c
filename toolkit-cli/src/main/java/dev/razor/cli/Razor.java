package dev.razor.cli;

import dev.razor.core.base.UserException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/// The `razor` command.
@Command(
        name = "razor",
        description = "Fine-tune language models and measure what they forgot.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SftCommand.class, GrpoCommand.class, VerifyCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  razor run examples/quickstart/study.yaml%n%nEach command explains itself: razor COMMAND --help")
public final class Razor {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The command line without the exit, so that tests can run it.
    static CommandLine commandLine() {
        return new CommandLine(new Razor())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler(Razor::report);
    }

    /// A user's mistake is one line a problem; anything else is a bug and keeps its stack trace.
    private static int report(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (e instanceof UserException expected) {
            expected.problems().forEach(problem -> err.println("error: " + problem));
            return ExitCode.USER_ERROR;
        }
        err.println("error: this is a bug in razor; please report it with what follows");
        e.printStackTrace(err);
        return ExitCode.BUG;
    }
}
