package dev.razor.study.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The few pieces of HTML a report needs.
final class Html {

    private Html() {}

    /// A cell of a table: its text, or markup made of escaped text.
    record Cell(String html) {

        static Cell text(String text) {
            return new Cell(escape(text));
        }
    }

    /// `text` so that a browser shows it and never reads it as markup.
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// A table of texts, see [#tableOf].
    static String table(String label, List<String> header, List<List<String>> rows, int textColumns) {
        return tableOf(
                label,
                header,
                rows.stream().map(row -> row.stream().map(Cell::text).toList()).toList(),
                textColumns);
    }

    /// A table whose first `textColumns` columns are text and the others numbers. It scrolls on narrow screens,
    /// and the page's script lets readers sort it by any column.
    static String tableOf(String label, List<String> header, List<List<Cell>> rows, int textColumns) {
        List<Cell> titles = header.stream().map(Cell::text).toList();
        String body = rows.stream()
                .map(row -> "<tr>" + cells("td", row, textColumns) + "</tr>\n")
                .collect(Collectors.joining());
        return """
                <div class="scroll" role="region" aria-label="%s" tabindex="0">
                <table class="sortable">
                <thead><tr>%s</tr></thead>
                <tbody>
                %s</tbody>
                </table>
                </div>
                """.formatted(escape(label), cells("th scope=\"col\"", titles, textColumns), body);
    }

    /// JSON in an element that a browser does not run and no text in it can end.
    static String json(String id, String json) {
        return "<script type=\"application/json\" id=\"%s\">%s</script>\n".formatted(id, json.replace("<", "\\u003c"));
    }

    private static String cells(String element, List<Cell> cells, int textColumns) {
        String end = element.split(" ", -1)[0];
        return IntStream.range(0, cells.size())
                .mapToObj(i -> "<%s%s>%s</%s>"
                        .formatted(
                                element,
                                i < textColumns ? "" : " class=\"number\"",
                                cells.get(i).html(),
                                end))
                .collect(Collectors.joining());
    }
}
