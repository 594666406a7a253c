package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import java.util.ArrayList;
import java.util.List;

/// Comma-separated values as RFC 4180 has them: a cell in double quotes may hold commas, line ends and doubled
/// quotes. Line ends inside a cell are kept as they are.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
final class Csv {

    private final String file;
    private final String text;
    private int position;
    private int line = 1;

    private Csv(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /// One row.
    ///
    /// @param line the line of the file on which it begins, from 1
    record Row(int line, List<String> cells) {}

    /// The rows of `text`; empty lines are left out. `file` is named in messages.
    static List<Row> rows(String file, String text) {
        var csv = new Csv(file, text);
        var rows = new ArrayList<Row>();
        while (csv.position < text.length()) {
            int line = csv.line;
            List<String> cells = csv.row();
            if (cells.size() > 1 || !cells.getFirst().isEmpty()) {
                rows.add(new Row(line, cells));
            }
        }
        return rows;
    }

    private List<String> row() {
        var cells = new ArrayList<String>();
        while (true) {
            cells.add(position < text.length() && text.charAt(position) == '"' ? quotedCell() : bareCell());
            if (position >= text.length()) {
                return cells;
            }
            char end = next();
            if (end == ',') {
                continue;
            }
            if (end == '\r' && position < text.length() && text.charAt(position) == '\n') {
                next();
            }
            return cells;
        }
    }

    private String bareCell() {
        int start = position;
        while (position < text.length() && ",\r\n".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private String quotedCell() {
        int began = line;
        var cell = new StringBuilder();
        next();
        while (position < text.length()) {
            char c = next();
            if (c != '"') {
                cell.append(c);
            } else if (position < text.length() && text.charAt(position) == '"') {
                cell.append(next());
            } else {
                // What follows a closing quote up to the next comma belongs to the cell, as in Python's csv module.
                return cell.append(bareCell()).toString();
            }
        }
        throw new DataException(
                "%s:%d: the quote that opens here is not closed; the file may be cut off".formatted(file, began));
    }

    private char next() {
        char c = text.charAt(position);
        position++;
        // Within a pair "\r\n" the second character ends the line.
        boolean pair = c == '\r' && position < text.length() && text.charAt(position) == '\n';
        line += c == '\n' || (c == '\r' && !pair) ? 1 : 0;
        return c;
    }
}
