package dev.razor.study.paritymnist;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import dev.razor.study.report.BaseScore;
import dev.razor.study.report.Report;
import dev.razor.study.report.ReportTable;
import dev.razor.study.report.StudyJson;
import dev.razor.study.report.StudyRecord;
import dev.razor.study.work.Outcome;
import dev.razor.study.work.Plan;
import dev.razor.study.work.Study;
import dev.razor.study.work.Unit;
import dev.razor.study.work.UnitState;
import dev.razor.study.work.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The toy experiment of RL's Razor, from its study file to its report.
///
/// Each unit is a few seconds of work: the base of a seed, a training run with all its measurements, the step
/// dynamics of a method. What is done is not done again; an interrupted unit starts anew.
public final class ParityStudy implements Study {

    /// What tells such a study's directory from others; its units know the rest.
    private static final String IDENTITY = "{\"experiment\": \"paritymnist\"}\n";

    private final ParityConfig study;
    private final Path file;
    private final List<GridRun> runs;
    private final Map<String, List<Point>> known = new ConcurrentHashMap<>();

    /// Reads a study file with `experiment: paritymnist`.
    ///
    /// @param overrides `key=value`, dotted for keys in sections
    /// @throws dev.razor.core.base.ConfigException with a line for every problem
    public static ParityStudy of(Path file, List<String> overrides) {
        return new ParityStudy(ConfigLoader.load(file, overrides, ParityConfig.class), file);
    }

    /// @param file the study file, whose folder `data` is meant from
    ParityStudy(ParityConfig study, Path file) {
        this.study = study;
        this.file = file;
        this.runs = GridRun.plan(study, file.toString());
    }

    @Override
    public Plan plan() {
        return ParityPlan.of(study, file, runs);
    }

    @Override
    public void provide(Consumer<List<String>> fetch, Consumer<String> told, Progress progress) {
        if (study.data() == null) {
            fetch.accept(List.of("mnist", "fashion-mnist"));
        }
    }

    @Override
    public Result run(Request request, Progress progress) {
        Path data = VisionData.folder(study, file);
        Map<String, String> digests = VisionData.digests(data);
        claim(study.output());
        try (ParityWork work = new ParityWork(study, data, digests, runs)) {
            List<Unit> units = work.units();
            Runnable write = () -> writePoints(units, request, digests, List.of(), work);
            Outcome outcome = Units.run(
                    units,
                    study.output().resolve("state"),
                    new Units.Options(request.jobs(), request.only(), write),
                    progress);
            List<Point> points = writePoints(units, request, digests, List.of(), work);
            Path report = study.output().resolve("report.html");
            if (!points.isEmpty()) {
                progress.update("report", 0, 1, "");
                writePoints(units, request, digests, Comparison.tables(study, points), work);
                Report.rebuild(study.output());
            }
            return new Result(report, outcome);
        }
    }

    /// Marks a new or empty directory as such a study's, or checks that it is one.
    private static void claim(Path directory) {
        Path identity = directory.resolve("identity.json");
        if (!Files.exists(identity)) {
            OutputDirectory.deleteUnpublished(directory);
            OutputDirectory.create(directory);
            OutputDirectory.publish(identity, path -> Files.writeString(path, IDENTITY));
            return;
        }
        try {
            if (Files.readString(identity).equals(IDENTITY)) {
                return;
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(identity, IoReason.of(e)), e);
        }
        throw new ConfigException("output: %s belongs to a study of another kind; choose another with --set output=DIR"
                .formatted(directory));
    }

    /// Writes `points.csv` and `study.json` of what is done, in the order of the units.
    private List<Point> writePoints(
            List<Unit> units, Request request, Map<String, String> digests, List<ReportTable> tables, ParityWork work) {
        List<Point> points = new ArrayList<>();
        for (Unit unit : units) {
            points.addAll(points(unit));
        }
        if (points.isEmpty()) {
            return points;
        }
        PointsCsv.write(study.output().resolve("points.csv"), points);
        Map<String, String> facts = new LinkedHashMap<>();
        request.provenance()
                .toJson()
                .properties()
                .forEach(field -> facts.put(
                        field.getKey(),
                        field.getValue().isString()
                                ? field.getValue().asString()
                                : field.getValue().toString()));
        digests.forEach((name, digest) -> facts.put(name + " sha256", digest));
        StudyJson.write(
                study.output().resolve("study.json"),
                new StudyRecord(
                        study.title(),
                        request.commandLine(),
                        baseScores(points),
                        ConfigWriter.toYaml(study),
                        facts,
                        tables,
                        StepDynamics.figure(work.dynamics())));
        return points;
    }

    /// The points of a unit that is done; those of others are not shown even where an earlier attempt left some.
    private List<Point> points(Unit unit) {
        List<Point> points = known.get(unit.name());
        if (points != null) {
            return points;
        }
        Path csv = new ParityFiles(study.output()).points(unit.name());
        if (!Files.exists(csv)) {
            return List.of();
        }
        boolean done = UnitState.read(study.output().resolve("state"), unit.name())
                .filter(state -> state.done(unit.inputs()) && unit.work().present())
                .isPresent();
        if (!done) {
            return List.of();
        }
        points = PointsCsv.read(csv);
        known.put(unit.name(), points);
        return points;
    }

    /// The first base's score on the old task, with the standard error of a share of as many images.
    private Map<String, BaseScore> baseScores(List<Point> points) {
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        points.stream()
                .filter(Point::isBase)
                .findFirst()
                .ifPresent(base -> base.benchmarks()
                        .forEach((name, score) -> scores.put(name, new BaseScore(score, standardError(score)))));
        return scores;
    }

    private double standardError(double share) {
        try {
            Path data = VisionData.folder(study, file);
            int images = IdxFile.read(Images.Task.OLD.file(data, "t10k", "labels-idx1"), 1)
                    .bytes()
                    .length;
            return Math.sqrt(share * (1 - share) / images);
        } catch (UserException _) {
            return Double.NaN;
        }
    }
}
