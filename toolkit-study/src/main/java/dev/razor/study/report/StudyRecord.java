package dev.razor.study.report;

import dev.razor.study.figures.ReportScatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a report says beside the points: how the study was set up and where its numbers come from.
///
/// @param title the heading of the report
/// @param command the command line that runs the study again
/// @param baseScores the base model's prior scores by benchmark
/// @param studyYaml the study file in full, defaults written out
/// @param provenance names and values such as versions, hashes, seeds and the machine, in order
/// @param tables that this kind of study adds to its report
/// @param scatters that this kind of study adds to its figures
public record StudyRecord(
        String title,
        String command,
        Map<String, BaseScore> baseScores,
        String studyYaml,
        Map<String, String> provenance,
        List<ReportTable> tables,
        List<ReportScatter> scatters) {

    public StudyRecord {
        baseScores = Collections.unmodifiableMap(new LinkedHashMap<>(baseScores));
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        tables = List.copyOf(tables);
        scatters = List.copyOf(scatters);
    }

    /// A study that adds nothing to what every report has.
    public StudyRecord(
            String title,
            String command,
            Map<String, BaseScore> baseScores,
            String studyYaml,
            Map<String, String> provenance) {
        this(title, command, baseScores, studyYaml, provenance, List.of(), List.of());
    }
}
