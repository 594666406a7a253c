package dev.razor.study.points;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The file `points.csv`: one row a model, eight fixed columns, then one column a meter and one a benchmark.
///
/// Numbers are written so that they read back equal; what was not measured is an empty cell.
public final class PointsCsv {

    static final List<String> FIXED =
            List.of("run", "method", "step", "seed", "learning_rate", "new_accuracy", "prior_accuracy", "forgetting");

    private PointsCsv() {}

    /// Writes `points`; the columns of meters and benchmarks come in the order of their first appearance.
    public static void write(Path file, List<Point> points) {
        List<String> meters = Points.meters(points);
        List<String> benchmarks = Points.benchmarks(points);
        StringBuilder text = new StringBuilder();
        text.append(Csv.line(
                Stream.of(FIXED, meters, benchmarks).flatMap(List::stream).toList()));
        text.append('\n');
        for (Point point : points) {
            text.append(Csv.line(cells(point, meters, benchmarks))).append('\n');
        }
        AtomicFile.write(file, text.toString());
    }

    private static List<String> cells(Point point, List<String> meters, List<String> benchmarks) {
        List<String> cells = new ArrayList<>(List.of(
                point.run(),
                point.method(),
                Integer.toString(point.step()),
                Long.toString(point.seed()),
                number(point.learningRate()),
                number(point.newAccuracy()),
                number(point.priorAccuracy()),
                number(point.forgetting())));
        meters.forEach(name -> cells.add(number(point.meter(name))));
        benchmarks.forEach(name -> cells.add(number(point.benchmark(name))));
        return cells;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    /// Reads what [#write] wrote, or a table of the same form from elsewhere.
    ///
    /// @throws DataException with one line a problem, each naming the file and the line
    public static List<Point> read(Path file) {
        List<Csv.Row> rows = rows(file);
        if (rows.isEmpty()) {
            throw new DataException(file + ": no header line; expected the columns " + String.join(",", FIXED));
        }
        List<String> columns = rows.getFirst().cells();
        checkHeader(file, rows.getFirst());
        List<Point> points = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Csv.Row row : rows.subList(1, rows.size())) {
            if (row.cells().size() != columns.size()) {
                problems.add("%s:%d: %d cells, expected %d as in the header; add or remove commas"
                        .formatted(file, row.line(), row.cells().size(), columns.size()));
                continue;
            }
            int before = problems.size();
            Point point = new RowReader(file, columns, row, problems).point();
            if (problems.size() == before) {
                points.add(point);
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return List.copyOf(points);
    }

    private static List<Csv.Row> rows(Path file) {
        try {
            return Csv.parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ":" + e.getMessage() + "; mend the quotes of this record", e);
        } catch (CharacterCodingException e) {
            throw new DataException(file + ": is not UTF-8 text; save it as UTF-8", e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s; run the study first".formatted(file, IoReason.of(e)), e);
        }
    }

    private static void checkHeader(Path file, Csv.Row header) {
        List<String> problems = new ArrayList<>();
        for (String column : FIXED) {
            if (!header.cells().contains(column)) {
                problems.add("%s:%d: column %s is missing, got %s; add it"
                        .formatted(file, header.line(), column, String.join(",", header.cells())));
            }
        }
        LinkedHashSet<String> seen = new LinkedHashSet<>();
        for (String column : header.cells()) {
            if (!seen.add(column)) {
                problems.add("%s:%d: column %s stands there twice; remove one".formatted(file, header.line(), column));
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
    }

    /// One row on its way to a [Point]; what cannot be read goes to `problems`.
    private record RowReader(Path file, List<String> columns, Csv.Row row, List<String> problems) {

        Point point() {
            return new Point(
                    text("run"),
                    text("method"),
                    (int) integer("step", Integer.MAX_VALUE),
                    integer("seed", Long.MAX_VALUE),
                    number("learning_rate"),
                    number("new_accuracy"),
                    number("prior_accuracy"),
                    number("forgetting"),
                    measured(true),
                    measured(false));
        }

        private String text(String column) {
            return row.cells().get(columns.indexOf(column));
        }

        private long integer(String column, long limit) {
            try {
                long value = Long.parseLong(text(column));
                if (Math.abs(value) <= limit) {
                    return value;
                }
            } catch (NumberFormatException _) {
                // reported below, as a number out of range is
            }
            problem(column, "is not a whole number in range");
            return 0;
        }

        private double number(String column) {
            return Objects.requireNonNullElse(measurement(column), Double.NaN);
        }

        private @Nullable Double measurement(String column) {
            String cell = text(column).strip();
            if (cell.isEmpty()) {
                return null;
            }
            try {
                return Double.valueOf(cell);
            } catch (NumberFormatException _) {
                problem(column, "is not a number");
                return null;
            }
        }

        private Map<String, Double> measured(boolean meters) {
            Map<String, Double> values = new LinkedHashMap<>();
            for (String column : columns) {
                if (!FIXED.contains(column) && MeterNames.isMeter(column) == meters) {
                    Double value = measurement(column);
                    if (value != null) {
                        values.put(column, value);
                    }
                }
            }
            return values;
        }

        private void problem(String column, String what) {
            problems.add("%s:%d: %s %s, got \"%s\"; correct the cell"
                    .formatted(file, row.line(), column, what, text(column)));
        }
    }
}
