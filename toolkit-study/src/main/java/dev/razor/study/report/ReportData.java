package dev.razor.study.report;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.util.List;

/// Everything a report is made of.
public record ReportData(StudyRecord study, List<Point> points, Fits fits) {

    public ReportData {
        points = List.copyOf(points);
    }
}
