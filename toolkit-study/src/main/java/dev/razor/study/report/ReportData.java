package dev.razor.study.report;

import dev.razor.core.base.ConfigException;
import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import dev.razor.study.points.PointsCsv;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Everything a report is made of.
///
/// @param directory the run directory, of which files are linked; they may be absent
/// @param states of the runs, by name; empty where the directory has none
/// @param errors of the prior scores
record ReportData(
        Path directory,
        StudyRecord study,
        List<Point> points,
        Fits fits,
        Map<String, RunState> states,
        BenchmarkErrors errors) {

    ReportData {
        points = List.copyOf(points);
    }

    /// A study of which nothing but this is known.
    ReportData(StudyRecord study, List<Point> points, Fits fits) {
        this(Path.of("."), study, points, fits, Map.of(), BenchmarkErrors.NONE);
    }

    /// What lies in `directory`, which needs `points.csv` and `study.json`.
    ///
    /// @throws ConfigException if there is no such directory, or a file that it needs is not there
    /// @throws dev.razor.core.base.DataException if a file of it cannot be used
    static ReportData read(Path directory) {
        requireDirectory(directory);
        for (String file : List.of("study.json", "points.csv")) {
            if (!Files.exists(directory.resolve(file))) {
                throw new ConfigException(
                        "%s: is no directory of a study that has measured something: it has no %s; give the one that razor run writes to"
                                .formatted(directory, file));
            }
        }
        return read(
                directory,
                StudyJson.read(directory.resolve("study.json")),
                PointsCsv.read(directory.resolve("points.csv")));
    }

    /// @throws ConfigException if there is no such directory
    static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ConfigException(
                    "%s: is no study's directory (%s); give the one that razor run writes to, once it has begun"
                            .formatted(
                                    directory,
                                    Files.exists(directory) ? "it is a file" : "there is no such directory"));
        }
    }

    /// What lies in the directory of a study that may not have measured anything yet.
    static ReportData readSoFar(Path directory) {
        Path study = directory.resolve("study.json");
        Path points = directory.resolve("points.csv");
        String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        return read(
                directory,
                Files.exists(study) ? StudyJson.read(study) : new StudyRecord(name, "", Map.of(), "", Map.of()),
                Files.exists(points) ? PointsCsv.read(points) : List.of());
    }

    private static ReportData read(Path directory, StudyRecord study, List<Point> points) {
        return new ReportData(
                directory,
                study,
                points,
                Fits.of(points),
                RunState.read(directory.resolve("state")),
                BenchmarkErrors.read(directory.resolve("measurements"), points));
    }
}
