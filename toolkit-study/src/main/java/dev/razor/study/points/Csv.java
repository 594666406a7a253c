package dev.razor.study.points;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Comma-separated values as RFC 4180 quotes them. Lines end in `\n`, which every reader of CSV takes;
/// `\r\n` is read as well.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
final class Csv {

    /// One record and the line it starts on, counted from 1.
    record Row(int line, List<String> cells) {}

    private final String text;
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text;
    }

    /// The cells as one line, without its end.
    static String line(List<String> cells) {
        return cells.stream().map(Csv::quote).collect(Collectors.joining(","));
    }

    private static String quote(String cell) {
        boolean needsQuotes = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return needsQuotes ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    /// The records of `text`; empty lines are skipped.
    ///
    /// @throws IllegalArgumentException on a quote that is not closed or stands inside a cell; its message
    ///     begins with the line number
    static List<Row> parse(String text) {
        return new Csv(text).rows();
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        while (at < text.length()) {
            int start = line;
            List<String> cells = new ArrayList<>();
            cells.add(cell());
            while (at < text.length() && text.charAt(at) == ',') {
                at++;
                cells.add(cell());
            }
            endLine();
            if (cells.size() > 1 || !cells.getFirst().isEmpty()) {
                rows.add(new Row(start, List.copyOf(cells)));
            }
        }
        return rows;
    }

    private String cell() {
        return at < text.length() && text.charAt(at) == '"' ? quotedCell() : plainCell();
    }

    private String plainCell() {
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quotedCell() {
        int opened = line;
        StringBuilder cell = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                if (at < text.length() && text.charAt(at) == '"') {
                    at++;
                } else {
                    return cell.toString();
                }
            }
            if (c == '\n') {
                line++;
            }
            cell.append(c);
        }
        throw new IllegalArgumentException(opened + ": a quote is opened but not closed");
    }

    private void endLine() {
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '\n') {
            at++;
            line++;
        } else if (at < text.length() && text.charAt(at - 1) != '\r') {
            throw new IllegalArgumentException(line + ": text after a closing quote");
        }
    }
}
