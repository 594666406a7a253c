package dev.razor.cli;

import dev.razor.study.work.Outcome;
import dev.razor.study.work.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// The lines that `razor run` prints of a study: what it is about to do, and what became of it.
final class StudyTable {

    private StudyTable() {}

    /// The plan as a table, with notes.
    ///
    /// @param wanted the names that are asked for
    static List<String> lines(Plan plan, Predicate<String> wanted) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"run", "method", "steps", "amount", "time", "state"});
        for (Plan.Row row : plan.rows()) {
            rows.add(new String[] {
                row.name(),
                row.method(),
                row.steps() == 0 ? "?" : String.format(Locale.ROOT, "%,d", row.steps()),
                row.amount(),
                row.seconds().isEmpty() ? "?" : Plan.duration(row.seconds().getAsDouble()),
                wanted.test(row.name()) ? state(row) : "left out by --only"
            });
        }
        List<String> lines = new ArrayList<>(aligned(rows));
        lines.addAll(plan.notes());
        plan.missing().forEach(missing -> lines.add("missing: " + missing));
        return lines;
    }

    private static String state(Plan.Row row) {
        return row.reason().isEmpty() ? row.state().text() : row.state().text() + ": " + row.reason();
    }

    private static List<String> aligned(List<String[]> rows) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int c = 0; c < columns; c++) {
                boolean number = c == 2 || c == 4;
                int pad = c == columns - 1 ? 0 : widths[c] - row[c].length();
                line.append(number ? " ".repeat(pad) + row[c] : row[c] + " ".repeat(pad))
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /// What failed, what was skipped because of it, and what was not asked for.
    static List<String> outcome(Outcome outcome) {
        List<String> lines = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (Outcome.Failure failure : outcome.failures()) {
            if (failure.skipped()) {
                skipped.add(failure.unit());
            } else {
                lines.add("error: run %s: %s".formatted(failure.unit(), failure.reason()));
            }
        }
        if (!skipped.isEmpty()) {
            lines.add("skipped, because what they need failed: " + String.join(", ", skipped));
        }
        if (!outcome.leftOut().isEmpty()) {
            lines.add("left out by --only, still to do: " + String.join(", ", outcome.leftOut()));
        }
        return lines;
    }
}
