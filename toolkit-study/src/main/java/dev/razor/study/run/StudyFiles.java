package dev.razor.study.run;

import dev.razor.core.config.ConfigWriter;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import dev.razor.study.report.BaseScore;
import dev.razor.study.report.Report;
import dev.razor.study.report.StudyJson;
import dev.razor.study.report.StudyRecord;
import dev.razor.study.work.Study;
import dev.razor.study.work.UnitState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes what the study has found so far: `points.csv` with the points of all runs that are done, in the order
/// of the file, `study.json`, fits, figures and the report.
record StudyFiles(StudyConfig study, StudyPlaces places, StudyInputs inputs, UnitInputs digests) {

    /// Writes all of it anew.
    ///
    /// @param done whether the run of this name is done
    /// @return the report; empty where the base was not measured yet
    Optional<Path> write(Study.Request request, Predicate<String> done) {
        Measurement base =
                Measurement.read(places.baseMeasurement(), digests.measuring()).orElse(null);
        if (base == null) {
            return Optional.empty();
        }
        List<Point> points = new ArrayList<>();
        points.add(point(Point.BASE, Point.BASE, 0, 0, Double.NaN, base, base));
        for (PlannedRun run : inputs.runs()) {
            if (done.test(run.name())) {
                addPoints(run, base, points);
            }
        }
        PointsCsv.write(places.output().resolve("points.csv"), points);
        StudyJson.write(places.output().resolve("study.json"), record(base, request));
        return Optional.of(Report.rebuild(places.output()));
    }

    private void addPoints(PlannedRun run, Measurement base, List<Point> points) {
        var measured = Checkpoints.measurements(places.measurements(run.name()), digests.measurement(run));
        var wanted = switch (study.measure()) {
            case ALL -> measured;
            case FINAL -> measured.isEmpty() ? measured : measured.tailMap(measured.lastKey());
        };
        wanted.forEach((step, measurement) -> points.add(point(
                run.name(),
                run.method(),
                step,
                run.arguments().seed(),
                run.arguments().learningRate(),
                measurement,
                base)));
    }

    private static Point point(
            String run, String method, int step, long seed, double rate, Measurement measurement, Measurement base) {
        return new Point(
                run,
                method,
                step,
                seed,
                rate,
                measurement.newAccuracy(),
                measurement.priorAccuracy(),
                base.priorAccuracy() - measurement.priorAccuracy(),
                measurement.meters(),
                measurement.scores());
    }

    private StudyRecord record(Measurement base, Study.Request request) {
        Map<String, BaseScore> scores = new LinkedHashMap<>();
        base.scores()
                .forEach((name, score) -> scores.put(
                        name, new BaseScore(score, base.standardErrors().getOrDefault(name, Double.NaN))));
        Map<String, String> facts = new LinkedHashMap<>();
        request.provenance().toJson().properties().forEach(field -> facts.put(field.getKey(), text(field.getValue())));
        facts.put("base sha256", digests.base());
        digests.files().forEach((file, digest) -> facts.put(file + " sha256", digest));
        for (PlannedRun run : inputs.runs()) {
            UnitState.read(places.state(), run.name())
                    .filter(state -> !state.reason().isEmpty())
                    .ifPresent(state -> facts.put("failed: " + run.name(), state.reason()));
        }
        return new StudyRecord(study.title(), request.commandLine(), scores, ConfigWriter.toYaml(study), facts);
    }

    private static String text(@Nullable JsonNode value) {
        return value == null ? "" : value.isString() ? value.asString() : value.toString();
    }
}
