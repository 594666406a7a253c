package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import dev.razor.core.bench.Bench;
import dev.razor.core.bench.BenchConfig;
import dev.razor.core.bench.BenchReport;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.plan.DeviceMemory;
import dev.razor.core.plan.MemoryPage;
import dev.razor.core.plan.MemoryPlan;
import dev.razor.core.plan.PlannedModel;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Provenance;
import dev.razor.grpo.GrpoConfig;
import dev.razor.grpo.GrpoPlan;
import dev.razor.sft.SftConfig;
import dev.razor.sft.SftPlan;
import dev.razor.sft.simpo.SimPoConfig;
import dev.razor.sft.simpo.SimPoPlan;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "bench",
        description = {
            "Measure how fast this machine trains and decodes with a model of a given shape, or plan a run's memory.",
            "",
            "Weights are random, so no model is needed. Prints a table: the seconds of a step by its parts, tokens a"
                    + " second, the share of the device's peak (on a CPU: of its own rate in a plain matrix product),"
                    + " the most memory that was resident.",
            "",
            "With --plan, CONFIG.yaml is that of an sft or grpo run. Prints the bytes that the run will take by"
                    + " component, reading config.json and no weights; exits 1 with the settings that would help if it"
                    + " cannot fit.",
            "",
            "With --scoring, times the scoring of multiple-choice questions instead."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {"  razor bench --output bench.json%n", "  razor bench --plan examples/sft.yaml --set max_length=512%n"
        })
final class BenchCommand implements Callable<Integer> {

    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONFIG.yaml",
            description = "The shape and the work (default: examples/bench.yaml); with --plan a run's file.")
    private @Nullable Path file;

    @Mixin
    private final Overrides overrides = new Overrides();

    @Option(names = "--plan", description = "Plan the memory of the run that CONFIG.yaml describes; measure nothing.")
    private boolean plan;

    @Option(
            names = "--memory-page",
            paramLabel = "MODEL",
            converter = ModelDirectory.class,
            description = "Print docs/memory.md for the shape in MODEL/config.json; measure nothing.")
    private @Nullable Path page;

    @Option(
            names = "--scoring",
            paramLabel = "MODEL",
            converter = ModelDirectory.class,
            description = "Measure how fast MODEL scores multiple-choice tasks with and without shared prefixes.")
    private @Nullable Path scoring;

    @Option(names = "--data", paramLabel = "DIR", description = "With --scoring: the benchmarks' files.")
    private @Nullable Path data;

    @Option(
            names = "--tasks",
            split = ",",
            defaultValue = "hellaswag,mmlu",
            paramLabel = "TASK",
            description = "With --scoring: the tasks, MMLU's with five examples (default: ${DEFAULT-VALUE}).")
    private List<String> tasks = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "With --scoring: only the first N documents of a task.")
    private @Nullable Integer limit;

    @Option(names = "--output", paramLabel = "F.json", description = "Write what was measured or planned as JSON.")
    private @Nullable Path output;

    @Option(names = "--dry-run", description = "Print the resolved configuration and stop.")
    private boolean dryRun;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (page != null) {
            out.print(MemoryPage.of(
                    String.valueOf(page.getFileName()),
                    PlannedModel.read(page).shape(),
                    "razor bench --memory-page " + page));
        } else if (plan) {
            plan(out);
        } else if (scoring != null) {
            write(ScoringBench.run(
                    scoring, data, tasks, limit, out, spec.commandLine().getErr()));
        } else {
            measure(out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private void plan(PrintWriter out) {
        if (file == null) {
            throw new ConfigException("CONFIG.yaml: --plan needs the file of an sft, grpo or simpo run; give one");
        }
        Record config = run(file, overrides.settings());
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return;
        }
        DeviceMemory memory;
        MemoryPlan plan;
        switch (config) {
            case SftConfig sft -> {
                memory = DeviceMemory.of(sft.training().device());
                plan = SftPlan.of(sft, memory);
            }
            case GrpoConfig grpo -> {
                memory = DeviceMemory.of(grpo.training().device());
                plan = GrpoPlan.of(grpo, memory, 0);
            }
            case SimPoConfig simpo -> {
                memory = DeviceMemory.of(simpo.training().device());
                plan = SimPoPlan.of(simpo, memory);
            }
            default -> throw new IllegalStateException("a run of " + config.getClass());
        }
        PlanTable.lines(plan, memory).forEach(out::println);
        write(PlanTable.toJson(plan, memory));
        plan.requireFits(memory);
    }

    /// The run of whichever kind the file has fewer mistakes as.
    private static Record run(Path file, List<String> settings) {
        ConfigException nearest = null;
        for (Class<? extends Record> kind : List.of(SftConfig.class, GrpoConfig.class, SimPoConfig.class)) {
            try {
                return RunConfigs.load(file, settings, kind);
            } catch (ConfigException e) {
                nearest = nearest == null
                                || e.problems().size() < nearest.problems().size()
                        ? e
                        : nearest;
            }
        }
        throw Objects.requireNonNull(nearest);
    }

    private void measure(PrintWriter out) {
        BenchConfig config = RunConfigs.load(file == null ? shipped() : file, overrides.settings(), BenchConfig.class);
        if (dryRun) {
            out.print(ConfigWriter.toYaml(config));
            return;
        }
        Instant start = Instant.now();
        BenchReport report;
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            report = Bench.run(config, progress);
        }
        BenchTable.lines(report).forEach(out::println);
        ObjectNode json = report.toJson();
        List<String> words =
                Objects.requireNonNull(spec.commandLine().getParseResult()).originalArgs();
        json.set(
                "provenance", Provenance.capture(Engine.version(), words, start).toJson());
        write(json);
    }

    private void write(ObjectNode json) {
        if (output != null) {
            String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
            OutputDirectory.publish(output, path -> Files.writeString(path, text));
        }
    }

    private static Path shipped() {
        String home = System.getProperty("razor.home");
        if (home == null) {
            throw new ConfigException(
                    "CONFIG.yaml: the shipped shape is found by the razor launcher only; give a file");
        }
        return Path.of(home, "examples", "bench.yaml");
    }
}
