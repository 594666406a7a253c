package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Jsonl;
import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Provenance;
import dev.razor.core.train.TrainingOutput;
import dev.razor.eval.kl.KlEvaluator;
import dev.razor.eval.kl.KlResult;
import dev.razor.grpo.GrpoRun;
import dev.razor.sft.SftRun;
import dev.razor.sft.simpo.SimPoRun;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import dev.razor.study.report.BaseScore;
import dev.razor.study.report.Report;
import dev.razor.study.report.StudyJson;
import dev.razor.study.report.StudyRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Runs a study from its file to its report:
///
/// 1. measure the base model;
/// 2. for every planned run: train it, then measure each of its checkpoints (`checkpoints/step-N`, and the last
/// step,
///    which is `final`): accuracy on the new task, prior benchmarks, divergences from the base;
/// 3. write `points.csv`, fit, draw, report.
///
/// What is on disk is not done again: a run whose `final/` exists is not trained, a model whose measurement
/// exists is
/// not measured. A run that was cut off in the middle is started anew. A run that fails by its settings (it
/// diverged,
/// say) is reported and does not stop the others.
public final class StudyRun {

    private final StudyConfig study;
    private final Path base;
    private final Path data;
    private final List<PlannedRun> runs;

    /// Plans the study.
    ///
    /// @param studyFile the study file, whose folder `base` and `data` are meant from
    /// @throws UserException with all problems of the file
    public StudyRun(StudyConfig study, Path studyFile) {
        this.study = study;
        Path file = studyFile.toAbsolutePath();
        this.base = file.resolveSibling(study.base()).normalize();
        this.data = file.resolveSibling(study.data()).normalize();
        this.runs = Planner.plan(study, file.resolveSibling("."), base, data);
    }

    /// The training runs, in order.
    public List<PlannedRun> runs() {
        return runs;
    }

    /// A run that came to nothing, and why.
    public record Failure(String run, String reason) {}

    /// What a study ended with.
    public record Outcome(Path report, List<Failure> failures) {}

    /// Does what is missing, and writes the report anew.
    ///
    /// @param commandLine what the user typed, for the report
    public Outcome run(Provenance provenance, String commandLine, Progress progress) {
        var identity = new StudyIdentity(study, base, data, new StudyInputs(study, data, runs));
        try (ModelMeter meter = new ModelMeter(study, data)) {
            identity.claim(study.output());
            return run(meter, identity, provenance, commandLine, progress);
        }
    }

    private Outcome run(
            ModelMeter meter, StudyIdentity identity, Provenance provenance, String commandLine, Progress progress) {
        List<Point> points = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        Measurement baseMeasurement;
        try (PretrainedModel baseModel = PretrainedModel.load(base, frozen())) {
            progress.update("base", 0, 1, "");
            baseMeasurement = measured("base", () -> meter.measure(baseModel, Map.of(), progress));
            points.add(basePoint(baseMeasurement));
            BaseSamples samples = baseSamples(baseModel);
            for (int i = 0; i < runs.size(); i++) {
                PlannedRun run = runs.get(i);
                String what = "run %d/%d %s".formatted(i + 1, runs.size(), run.name());
                try {
                    train(run, (_, done, total, detail) -> progress.update(what, done, total, detail));
                    points.addAll(points(run, baseMeasurement, meter, baseModel, samples, what, progress));
                } catch (UserException e) {
                    failures.add(new Failure(run.name(), String.join("; ", e.problems())));
                }
            }
        }
        PointsCsv.write(study.output().resolve("points.csv"), points);
        StudyJson.write(
                study.output().resolve("study.json"),
                record(baseMeasurement, provenance, commandLine, identity.json(), failures));
        return new Outcome(Report.rebuild(study.output()), failures);
    }

    private LoadOptions frozen() {
        return LoadOptions.frozen(study.device(), study.dtype());
    }

    private BaseSamples baseSamples(PretrainedModel baseModel) {
        List<int[]> prompts = new ArrayList<>();
        for (JsonRecord record : DataFiles.read(data.resolve(study.task().klPrompts()))) {
            prompts.add(PromptIds.of(record, baseModel));
        }
        var plan = new SamplingPlan(
                prompts,
                study.meters().samples(),
                study.task().maxCompletionLength(),
                baseModel.tokenizer().stopTokenIds(),
                study.meters().seed(),
                study.evalBatchSize());
        return BaseSamples.draw(baseModel, plan, Progress.silent());
    }

    private static void train(PlannedRun run, Progress progress) {
        if (Files.exists(TrainingOutput.finalModel(run.directory()))) {
            return;
        }
        switch (run.trainer()) {
            case PlannedRun.Trainer.Sft(var config) -> SftRun.start(config, true, progress);
            case PlannedRun.Trainer.Grpo(var config) -> GrpoRun.start(config, true, progress);
            case PlannedRun.Trainer.SimPo(var config) -> SimPoRun.start(config, true, progress);
        }
    }

    private List<Point> points(
            PlannedRun run,
            Measurement baseMeasurement,
            ModelMeter meter,
            PretrainedModel baseModel,
            BaseSamples samples,
            String what,
            Progress progress) {
        Map<Integer, Path> models = models(run);
        List<Point> points = new ArrayList<>();
        for (Map.Entry<Integer, Path> entry : models.entrySet()) {
            progress.update(what + " measuring", points.size() + 1, models.size(), "step " + entry.getKey());
            Measurement measurement = measured(run.name() + "-step-" + entry.getKey(), () -> {
                try (PretrainedModel model = PretrainedModel.load(entry.getValue(), frozen())) {
                    var evaluator = new KlEvaluator(baseModel, model, study.evalBatchSize());
                    Map<String, Double> meters = meters(evaluator.sampled(samples, Progress.silent()));
                    meters.putAll(new DriftMeters(study, data).of(baseModel, model, progress));
                    return meter.measure(model, meters, progress);
                }
            });
            points.add(new Point(
                    run.name(),
                    run.method(),
                    entry.getKey(),
                    run.arguments().seed(),
                    run.arguments().learningRate(),
                    measurement.newAccuracy(),
                    measurement.priorAccuracy(),
                    baseMeasurement.priorAccuracy() - measurement.priorAccuracy(),
                    measurement.meters(),
                    measurement.scores()));
        }
        return points;
    }

    /// The run's models by step; the last step's is `final`, also where a checkpoint of that step exists.
    private static Map<Integer, Path> models(PlannedRun run) {
        Map<Integer, Path> models = new LinkedHashMap<>();
        Path checkpoints = run.directory().resolve("checkpoints");
        if (Files.exists(checkpoints)) {
            try (Stream<Path> entries = Files.list(checkpoints)) {
                entries.filter(path -> path.getFileName().toString().matches("step-\\d+"))
                        .sorted(Comparator.comparingInt(StudyRun::step))
                        .forEach(path -> models.put(step(path), path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        int last = Math.toIntExact(
                Jsonl.read(run.directory().resolve("metrics.jsonl")).getLast().integer("step"));
        models.put(last, TrainingOutput.finalModel(run.directory()));
        return models;
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("step-".length()));
    }

    /// Makes a measurement.
    private interface Meter {
        Measurement measure();
    }

    private Measurement measured(String name, Meter meter) {
        Path file = study.output().resolve("measurements").resolve(name + ".json");
        if (Files.exists(file)) {
            return Measurement.read(file);
        }
        Measurement measurement = meter.measure();
        measurement.write(file);
        return measurement;
    }

    /// The divergences of whole sequences; distances of distributions are means over positions.
    private static Map<String, Double> meters(KlResult result) {
        Map<String, Double> meters = new LinkedHashMap<>();
        meters.put("forward_kl", result.forwardKl().perSequence().mean());
        meters.put("reverse_kl", result.reverseKl().perSequence().mean());
        meters.put("total_variation", result.totalVariation().perToken().mean());
        meters.put("l2", result.l2().perToken().mean());
        meters.put("jensen_shannon", result.jensenShannon().perToken().mean());
        meters.put("forward_kl_per_token", result.forwardKl().perToken().mean());
        return meters;
    }

    private Point basePoint(Measurement measurement) {
        Map<String, Double> zero = new LinkedHashMap<>();
        for (String meter : List.of("forward_kl", "reverse_kl", "total_variation", "l2", "jensen_shannon")) {
            zero.put(meter, 0.0);
        }
        zero.put("forward_kl_per_token", 0.0);
        zero.putAll(new DriftMeters(study, data).ofBase());
        return new Point(
                Point.BASE,
                Point.BASE,
                0,
                0,
                Double.NaN,
                measurement.newAccuracy(),
                measurement.priorAccuracy(),
                0,
                zero,
                measurement.scores());
    }

    private StudyRecord record(
            Measurement baseMeasurement,
            Provenance provenance,
            String commandLine,
            JsonNode identity,
            List<Failure> failures) {
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        baseMeasurement
                .scores()
                .forEach((name, score) -> scores.put(
                        name,
                        new BaseScore(score, baseMeasurement.standardErrors().getOrDefault(name, Double.NaN))));
        Map<String, String> facts = new LinkedHashMap<>();
        provenance.toJson().properties().forEach(field -> facts.put(field.getKey(), text(field.getValue())));
        facts.put("base sha256", text(identity.path("base")));
        identity.path("data").properties().forEach(file -> facts.put(file.getKey() + " sha256", text(file.getValue())));
        failures.forEach(failure -> facts.put("failed: " + failure.run(), failure.reason()));
        return new StudyRecord(study.title(), commandLine, scores, ConfigWriter.toYaml(study), facts);
    }

    private static String text(@Nullable JsonNode value) {
        return value == null ? "" : value.isString() ? value.asString() : value.toString();
    }
}
