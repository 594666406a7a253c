package dev.razor.cli;

import dev.razor.core.base.UserException;
import dev.razor.core.bench.BenchConfig;
import dev.razor.core.config.ConfigHelp;
import dev.razor.grpo.GrpoConfig;
import dev.razor.sft.PretrainConfig;
import dev.razor.sft.SftConfig;
import dev.razor.sft.label.LabelConfig;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.study.paritymnist.ParityConfig;
import dev.razor.study.run.StudyConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `razor` command.
@Command(
        name = "razor",
        description = "Fine-tune language models and measure what they forgot.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            PretrainCommand.class,
            SftCommand.class,
            SimPoCommand.class,
            DataCommand.class,
            LabelCommand.class,
            GrpoCommand.class,
            ScoreCommand.class,
            GenerateCommand.class,
            EvalCommand.class,
            CompareCommand.class,
            KlCommand.class,
            DriftCommand.class,
            MergeCommand.class,
            BenchCommand.class,
            ModelsCommand.class,
            DoctorCommand.class,
            VerifyCommand.class,
            ReportCommand.class
        },
        footerHeading = "%nExample:%n",
        footer = "  razor run examples/quickstart/study.yaml%n%nEach command explains itself: razor COMMAND --help")
public final class Razor {

    private static final int HELP_WIDTH = 104;
    private static final int MOST_SUGGESTIONS = 3;

    public static void main(String[] args) {
        CommandLine razor = commandLine();
        int exit = razor.execute(args);
        razor.getOut().flush(); // what was printed without a line end
        System.exit(exit);
    }

    /// The command line without the exit, so that tests can run it.
    static CommandLine commandLine() {
        CommandLine razor = new CommandLine(new Razor())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setParameterExceptionHandler(Razor::wrongUsage)
                .setExecutionExceptionHandler(Razor::report);
        razor.setParameterExceptionHandler(new UsageErrors(razor.getParameterExceptionHandler()));
        listKeys(
                razor,
                "run",
                List.of(
                        keys("Keys of the file:", StudyConfig.class),
                        keys("Keys of a file with `experiment: paritymnist`:", ParityConfig.class)));
        listKeys(razor, "pretrain", PretrainConfig.class);
        listKeys(razor, "sft", SftConfig.class);
        listKeys(razor, "simpo", SimPoConfig.class);
        listKeys(razor, "grpo", GrpoConfig.class);
        listKeys(razor, "label", LabelConfig.class);
        listKeys(razor, "bench", BenchConfig.class);
        return razor;
    }

    private static void listKeys(CommandLine razor, String command, Class<? extends Record> config) {
        listKeys(razor, command, List.of(keys("Keys of the file:", config)));
    }

    /// Puts the keys of a command's configurations below its options, so that `--help` is the reference.
    private static void listKeys(CommandLine razor, String command, List<List<String>> keys) {
        UsageMessageSpec usage = Objects.requireNonNull(razor.getSubcommands().get(command))
                .getCommandSpec()
                .usageMessage();
        List<String> lines = new ArrayList<>();
        keys.forEach(lines::addAll);
        lines.addAll(List.of("", "Example:"));
        lines.addAll(List.of(usage.footer()));
        usage.footerHeading("");
        usage.footer(lines.toArray(String[]::new));
    }

    private static List<String> keys(String heading, Class<? extends Record> config) {
        List<String> lines = new ArrayList<>(List.of("", heading));
        ConfigHelp.describe(config).forEach(line -> lines.add("  " + line.replace("%", "%%")));
        return lines;
    }

    /// Wrong usage is one line, with what was probably meant and where the options are told.
    private static int wrongUsage(ParameterException e, String[] words) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("error: %s%s; see `%s --help`"
                        .formatted(
                                String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "),
                                hint(e),
                                command.getCommandSpec().qualifiedName()));
        return ExitCode.WRONG_USAGE;
    }

    private static String hint(ParameterException e) {
        List<String> meant = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!meant.isEmpty()) {
            return "; did you mean %s?"
                    .formatted(String.join(" or ", meant.subList(0, Math.min(MOST_SUGGESTIONS, meant.size()))));
        }
        Set<String> commands = e.getCommandLine().getSubcommands().keySet();
        return commands.isEmpty() ? "" : "; the commands are " + String.join(", ", commands);
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
