package dev.razor.cli;

import dev.razor.cli.verify.CheckResult;
import dev.razor.cli.verify.CheckResult.Status;
import dev.razor.cli.verify.Verification;
import dev.razor.core.base.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description = {
            "Check what this build computes on this machine against golden numbers.",
            "",
            "Prints a line a check: name, largest error, tolerance, and ok or FAILED. Exits 1 if any check failed. The"
                    + " tolerances are those of the directory. With --dtype bfloat16 the bounds are Razor's own: 0.15"
                    + " nats a token and 0.02 in the mean for log-probabilities, 2 %% for losses, a cosine of 0.98 for"
                    + " the direction of each parameter's gradient and 5 % for its norm; what has no such bound is"
                    + " reported only."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  razor verify --device cpu%n")
final class VerifyCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "GOLDEN_DIR",
            description = "A directory in the form of golden/README.md (default: the one that Razor ships).")
    private @Nullable Path directory;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "cpu, cuda, cuda:N, or auto for CUDA where there is one (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--dtype",
            defaultValue = "float32",
            description = "float32 or bfloat16, whatever the weights are stored in (default: ${DEFAULT-VALUE}).")
    private String dtype = "float32";

    @Override
    public Integer call() {
        boolean bfloat16 = switch (dtype) {
            case "float32", "auto" -> false;
            case "bfloat16" -> true;
            default -> throw new ConfigException("dtype: expected float32 or bfloat16, got %s".formatted(dtype));
        };
        List<CheckResult> results;
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            results = Verification.run(directory == null ? shipped() : directory, device, bfloat16, progress);
        }
        print(results);
        return count(results, Status.FAILED) == 0 ? ExitCode.OK : ExitCode.USER_ERROR;
    }

    private static Path shipped() {
        String home = System.getProperty("razor.home");
        if (home == null) {
            throw new ConfigException(
                    "GOLDEN_DIR: the shipped numbers are found by the razor launcher only; give a directory");
        }
        return Path.of(home, "golden");
    }

    private void print(List<CheckResult> results) {
        PrintWriter out = spec.commandLine().getOut();
        int width =
                results.stream().mapToInt(each -> each.name().length()).max().orElse(0);
        for (CheckResult each : results) {
            String line = "%s  %9s  %9s  %s"
                    .formatted(
                            each.name() + " ".repeat(width - each.name().length()),
                            number(each.error()),
                            number(each.tolerance()),
                            each.status().label());
            out.println(each.status() == Status.FAILED ? line + "  " + each.note() : line);
        }
        long reported = count(results, Status.REPORTED);
        out.println("%d checks, %d failed%s"
                .formatted(
                        results.size() - reported,
                        count(results, Status.FAILED),
                        reported == 0 ? "" : ", %d reported only".formatted(reported)));
    }

    private static long count(List<CheckResult> results, Status status) {
        return results.stream().filter(each -> each.status() == status).count();
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString(value.longValue())
                : String.format(Locale.ROOT, "%.3e", value);
    }
}
