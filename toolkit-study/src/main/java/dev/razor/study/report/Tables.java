package dev.razor.study.report;

import dev.razor.study.fit.Fit;
import dev.razor.study.fit.Fits;
import dev.razor.study.fit.Predictors;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The report's tables of fits, of the study's own numbers and of where they come from.
final class Tables {

    private Tables() {}

    static String fits(Fits fits) {
        List<List<String>> rows = new ArrayList<>();
        fits.byMeter().forEach((meter, groups) -> groups.forEach((group, fit) -> rows.add(fitRow(meter, group, fit))));
        return Html.table(
                "Quadratic fits", List.of("meter", "models", "R²", "95 % interval", "c0", "c1", "c2", "n"), rows, 2);
    }

    /// The meters by R² over all methods, as table 1 of the paper.
    static String predictors(Fits fits) {
        List<List<String>> rows = new ArrayList<>();
        for (Predictors.Predictor predictor : Predictors.ranked(fits)) {
            Fit fit = predictor.fit();
            rows.add(List.of(
                    predictor.meter(),
                    Numbers.fixed(fit.quadratic().r2(), 3),
                    interval(fit),
                    Integer.toString(fit.quadratic().n())));
        }
        return Html.table("Meters by R²", List.of("meter", "R²", "95 % interval", "n"), rows, 1);
    }

    private static String interval(Fit fit) {
        return fit.r2Interval().isDefined()
                ? Numbers.fixed(fit.r2Interval().low(), 3)
                        + " to "
                        + Numbers.fixed(fit.r2Interval().high(), 3)
                : Numbers.NONE;
    }

    private static List<String> fitRow(String meter, String group, Fit fit) {
        return List.of(
                meter,
                group.equals(Fits.ALL) ? "all methods" : Points.label(group),
                Numbers.fixed(fit.quadratic().r2(), 3),
                interval(fit),
                Numbers.significant(fit.quadratic().c0(), 3),
                Numbers.significant(fit.quadratic().c1(), 3),
                Numbers.significant(fit.quadratic().c2(), 3),
                Integer.toString(fit.quadratic().n()));
    }

    /// A table of the study's own; the columns before the first that holds numbers alone are text.
    static String added(ReportTable table) {
        int text = 0;
        while (text < table.header().size() && !isNumeric(table, text)) {
            text++;
        }
        return Html.table(table.title(), table.header(), table.rows(), text);
    }

    private static boolean isNumeric(ReportTable table, int column) {
        return table.rows().stream()
                .map(row -> row.get(column).strip())
                .allMatch(cell -> cell.isEmpty()
                        || cell.equals(Numbers.NONE)
                        || Character.isDigit(cell.charAt(cell.startsWith("-") && cell.length() > 1 ? 1 : 0)));
    }

    static String provenance(Map<String, String> provenance) {
        List<List<String>> rows = new ArrayList<>();
        provenance.forEach((name, value) -> rows.add(List.of(name, value)));
        return Html.table("Provenance", List.of("what", "value"), rows, 2);
    }
}
