package dev.razor.core.config;

import java.util.ArrayList;
import java.util.List;

/// The keys of a configuration as lines for `--help`: key, default and help in columns, the choices of a key
/// that has some in brackets.
public final class ConfigHelp {

    private static final int WIDTH = 100;

    /// A longer default stands above its key's help, not beside it.
    private static final int WIDEST_FALLBACK = 24;

    private ConfigHelp() {}

    /// A key as it is shown.
    private record Row(String name, String fallback, String help) {}

    /// One key after another in the order of the components, at most 100 columns wide; keys of a section follow
    /// its own line, with dotted names.
    public static List<String> describe(Class<? extends Record> type) {
        List<Row> rows = new ArrayList<>();
        addRows(type, "", rows);
        int nameWidth = rows.stream().mapToInt(row -> row.name.length()).max().orElse(0) + 2;
        int fallbackWidth = rows.stream()
                        .mapToInt(row -> row.fallback.length())
                        .filter(width -> width <= WIDEST_FALLBACK)
                        .max()
                        .orElse(0)
                + 2;
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            String start = pad(row.name, nameWidth);
            if (row.fallback.length() <= WIDEST_FALLBACK) {
                start += pad(row.fallback, fallbackWidth);
            } else {
                for (String part : wrap(row.fallback, WIDTH - nameWidth)) {
                    lines.add(start + part);
                    start = " ".repeat(nameWidth);
                }
                start = " ".repeat(nameWidth + fallbackWidth);
            }
            for (String part : wrap(row.help, Math.max(30, WIDTH - start.length()))) {
                lines.add(start + part);
                start = " ".repeat(start.length());
            }
        }
        return lines;
    }

    private static void addRows(Class<? extends Record> type, String prefix, List<Row> rows) {
        for (ConfigKey key : ConfigKey.visible(type)) {
            String name = prefix + key.name();
            switch (key.type()) {
                case KeyType.Choice choice -> rows.add(row(name, key, "%s (%s)".formatted(key.help(), choice.label())));
                case KeyType.Section section -> {
                    rows.add(row(name, key, key.help()));
                    addRows(section.type(), name + ".", rows);
                }
                case KeyType.Many(KeyType.Section element) -> {
                    rows.add(row(name, key, key.help()));
                    addRows(element.type(), name + "[].", rows);
                }
                case KeyType.Many _, KeyType.Scalar _, KeyType.Free _, KeyType.Inlined _ ->
                    rows.add(row(name, key, key.help()));
            }
        }
    }

    private static Row row(String name, ConfigKey key, String help) {
        String fallback = switch (key.fallback()) {
            case "" -> "mandatory";
            case "null" -> "none";
            default -> key.fallback();
        };
        return new Row(name, fallback, help);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
