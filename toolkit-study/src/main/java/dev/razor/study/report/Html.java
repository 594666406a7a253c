package dev.razor.study.report;

import java.util.List;
import java.util.stream.Collectors;

/// The few pieces of HTML a report needs.
final class Html {

    private Html() {}

    /// `text` so that a browser shows it and never reads it as markup.
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// A table whose first `textColumns` columns are text and the others numbers; it scrolls on narrow screens.
    static String table(String label, List<String> header, List<List<String>> rows, int textColumns) {
        String body = rows.stream()
                .map(row -> "<tr>" + cells("td", row, textColumns) + "</tr>\n")
                .collect(Collectors.joining());
        return """
                <div class="scroll" role="region" aria-label="%s" tabindex="0">
                <table>
                <thead><tr>%s</tr></thead>
                <tbody>
                %s</tbody>
                </table>
                </div>
                """.formatted(escape(label), cells("th", header, textColumns), body);
    }

    private static String cells(String element, List<String> texts, int textColumns) {
        StringBuilder cells = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            cells.append('<').append(element);
            cells.append(i < textColumns ? ">" : " class=\"number\">");
            cells.append(escape(texts.get(i))).append("</").append(element).append('>');
        }
        return cells.toString();
    }
}
