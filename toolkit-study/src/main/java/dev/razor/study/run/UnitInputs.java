package dev.razor.study.run;

import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.Sha256;
import dev.razor.study.run.StudyConfig.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What each part of a study follows from, as digests: of its own settings and of the bytes of exactly the
/// models and files that it reads. Names of files and where they lie do not count, nor does the device.
final class UnitInputs {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// Settings of a run that its digests of files stand for, or that change nothing of its models.
    private static final List<String> NOT_OF_A_RUN = List.of(
            "model",
            "output",
            "data",
            "eval_data",
            "kl_prompts",
            "sample_prompts",
            "teacher",
            "report_to",
            "device",
            "logging_steps",
            "save_total_limit");

    private final StudyConfig study;
    private final StudyInputs inputs;
    private final String base;

    /// Digests of data files by their place in the data folder, in the order in which they were asked for.
    private final Map<String, String> files = new LinkedHashMap<>();

    private final Map<String, String> training = new HashMap<>();
    private final String measuring;

    /// Reads all of them.
    ///
    /// @throws UserException with a line for everything that is not there
    UnitInputs(StudyConfig study, StudyInputs inputs) {
        this.study = study;
        this.inputs = inputs;
        List<String> missing = missing(inputs, _ -> false);
        if (!missing.isEmpty()) {
            throw new DataException(missing);
        }
        this.base = Sha256.ofModel(inputs.places().base());
        this.measuring = measuringDigest();
        for (PlannedRun run : inputs.runs()) {
            training.put(run.name(), trainingDigest(run));
        }
    }

    private static String missingBase(StudyInputs inputs) {
        Named base = inputs.places().named(inputs.study());
        return base.entry() != null
                ? "base: %s is not fetched; run: razor models fetch %s"
                        .formatted(base.entry().name(), base.entry().name())
                : "base: %s holds no config.json; give a Hugging Face model directory, or a name in models.lock"
                        .formatted(base.place());
    }

    /// What cannot be read of all that the study needs, a line each; empty where everything is there.
    ///
    /// @param comes whether a place that is empty now will not be when it is needed
    static List<String> missing(StudyInputs inputs, Predicate<Path> comes) {
        List<String> missing = new ArrayList<>();
        Path base = inputs.places().base();
        if (!hasModel(base) && !comes.test(base)) {
            missing.add(missingBase(inputs));
        }
        List<Path> files = new ArrayList<>(inputs.measured());
        for (PlannedRun run : inputs.runs()) {
            try {
                files.addAll(inputs.trained(run));
            } catch (UserException e) {
                missing.addAll(e.problems());
            }
            String teacher = StudyInputs.teacher(run);
            if (teacher != null && inputs.teacherRun(run).isEmpty() && !hasModel(Path.of(teacher))) {
                missing.add(
                        "methods: teacher: %s holds no model; name a model directory or run:NAME".formatted(teacher));
            }
        }
        for (Path file : files.stream().distinct().toList()) {
            if (!Files.isReadable(file) && !comes.test(file)) {
                missing.add("data: %s: there is no such file; correct its name or data".formatted(file));
            }
        }
        missing.addAll(
                comes.test(inputs.places().benchmarks()) ? inputs.unknownBenchmarks() : inputs.missingBenchmarks());
        return missing.stream().distinct().toList();
    }

    private static boolean hasModel(Path directory) {
        return Files.exists(directory.resolve("config.json")) || Files.exists(directory.resolve("adapter_config.json"));
    }

    private String measuringDigest() {
        ObjectNode all = ConfigWriter.toNode(study);
        ObjectNode node = JSON.createObjectNode();
        node.put("base", base);
        node.set("rewards", ConfigWriter.toNode(study.task().rewards()).without("reward_class_path"));
        node.put("max_completion_length", study.task().maxCompletionLength());
        node.set("meters", all.path("meters"));
        node.set("benchmarks", ((ObjectNode) all.path("benchmarks")).without(List.of("folder", "datasets")));
        node.set("dtype", all.path("dtype"));
        List<Path> read = new ArrayList<>(inputs.measured());
        read.addAll(inputs.benchmarkFiles());
        putFiles(node, read);
        return Sha256.ofText(JSON.writeValueAsString(node));
    }

    private String trainingDigest(PlannedRun run) {
        ObjectNode config = run.settings();
        config.remove(NOT_OF_A_RUN);
        ObjectNode node = JSON.createObjectNode();
        node.put("base", base);
        node.put("trainer", run.trainer().getClass().getSimpleName());
        node.set("config", config);
        String teacher = StudyInputs.teacher(run);
        if (teacher != null) {
            Optional<PlannedRun> other = inputs.teacherRun(run);
            node.put("teacher", other.isPresent() ? training(other.get()) : Sha256.ofModel(Path.of(teacher)));
        } else if (run.trainer() instanceof PlannedRun.Trainer.Sft(var sft)) {
            node.put("teacher", sft.labels().teacher());
        }
        putFiles(node, inputs.trained(run));
        return Sha256.ofText(JSON.writeValueAsString(node));
    }

    private void putFiles(ObjectNode node, List<Path> read) {
        var digests = node.putArray("files");
        for (Path file : read) {
            digests.add(files.computeIfAbsent(name(file), _ -> Sha256.ofFile(file)));
        }
    }

    private String name(Path file) {
        Path data = inputs.places().data();
        return file.startsWith(data) ? data.relativize(file).toString() : file.toString();
    }

    /// The base model's digest.
    String base() {
        return base;
    }

    /// The digests of the files that the study reads, by name.
    Map<String, String> files() {
        return files;
    }

    /// What every measurement follows from, beside the model that is measured.
    String measuring() {
        return measuring;
    }

    /// What the models of `run` follow from.
    String training(PlannedRun run) {
        return Objects.requireNonNull(training.get(run.name()));
    }

    /// What a measurement of a model of `run` follows from.
    String measurement(PlannedRun run) {
        return Sha256.ofText(training(run) + measuring);
    }

    /// What the unit of `run` follows from.
    String unit(PlannedRun run) {
        return study.measure() == Measured.ALL ? measurement(run) : Sha256.ofText(measurement(run) + "final");
    }
}
