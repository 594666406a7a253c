package dev.razor.cli;

import java.util.List;

/// Rows of cells as lines of aligned columns.
final class TextTable {

    private TextTable() {}

    /// @param names how many columns, from the first, stand to the left; the others to the right, as numbers do
    static List<String> lines(List<List<String>> rows, int names) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths, names)).toList();
    }

    private static String line(List<String> row, int[] widths, int names) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ").append(i < names ? row.get(i) + padding : padding + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
