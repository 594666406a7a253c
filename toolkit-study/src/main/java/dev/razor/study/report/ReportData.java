package dev.razor.study.report;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.util.List;

/// Everything a report is made of.
///
/// @param completions of runs that wrote them down
record ReportData(StudyRecord study, List<Point> points, Fits fits, List<RunCompletions> completions) {

    public ReportData {
        points = List.copyOf(points);
        completions = List.copyOf(completions);
    }

    ReportData(StudyRecord study, List<Point> points, Fits fits) {
        this(study, points, fits, List.of());
    }
}
