package dev.razor.cli;

import dev.razor.cli.doctor.Doctor;
import dev.razor.cli.doctor.Finding;
import dev.razor.core.base.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "doctor",
        description = {
            "Say what this machine has and what it lacks.",
            "",
            "Prints a line a check: ok, warning (training runs; something else does not, or not well) or FAILED"
                    + " (training cannot run), what was found, and what to do. Looks at the JDK, libtorch, the GPU and its"
                    + " driver, memory, processors, disk, the sandbox for model-written code, and whether the ready"
                    + " studies fit into the device's memory. Exits 1 if any check failed. Nothing is changed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {"  razor doctor%n", "  razor doctor --device cuda --study studies/science/study.yaml%n"})
final class DoctorCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--study",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Study files that must fit into memory (default: those that Razor ships, none of which must).")
    private List<Path> studies = List.of();

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, or cuda where a GPU must be usable (default: ${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(names = "--gentle", description = "Take no memory of the GPU, for a health check beside a running study.")
    private boolean gentle;

    @Option(names = "--json", description = "Print JSON instead of the table.")
    private boolean json;

    @Override
    public Integer call() {
        if (!List.of("auto", "cpu", "cuda").contains(device)) {
            throw new ConfigException("--device: expected auto, cpu or cuda, got %s".formatted(device));
        }
        @Nullable String home = System.getProperty("razor.home");
        List<Finding> findings = new Doctor(Optional.ofNullable(home).map(Path::of), studies, device, gentle).examine();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(findings));
        } else {
            print(out, findings);
        }
        out.flush();
        return canTrain(findings) ? ExitCode.OK : ExitCode.USER_ERROR;
    }

    private static void print(PrintWriter out, List<Finding> findings) {
        int width = findings.stream()
                .mapToInt(finding -> finding.what().length())
                .max()
                .orElse(0);
        for (Finding finding : findings) {
            String what = finding.what() + " ".repeat(width - finding.what().length());
            String remedy = finding.remedy().isEmpty() ? "" : "; " + finding.remedy();
            out.println("%-7s  %s  %s%s".formatted(finding.status().label(), what, finding.found(), remedy));
        }
        out.println("%d checks, %d warnings, %d failed%s"
                .formatted(
                        findings.size(),
                        count(findings, Finding.Status.WARNING),
                        count(findings, Finding.Status.FAILED),
                        canTrain(findings) ? ": training can run" : ": training cannot run"));
    }

    private static String toJson(List<Finding> findings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("training_can_run", canTrain(findings));
        for (Finding finding : findings) {
            root.withArray("checks")
                    .addObject()
                    .put("what", finding.what())
                    .put("status", finding.status().label())
                    .put("found", finding.found())
                    .put("remedy", finding.remedy());
        }
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static boolean canTrain(List<Finding> findings) {
        return count(findings, Finding.Status.FAILED) == 0;
    }

    private static long count(List<Finding> findings, Finding.Status status) {
        return findings.stream().filter(finding -> finding.status() == status).count();
    }
}
