package dev.razor.core.config;

import dev.razor.core.config.KeyType.Many;
import dev.razor.core.config.KeyType.Section;
import java.util.ArrayList;
import java.util.List;

/// The keys of a configuration as lines for `--help`: key, type, default, help, in columns.
public final class ConfigHelp {

    private ConfigHelp() {}

    /// One line a key in the order of the components; keys of a section follow its own line, with dotted names.
    public static List<String> describe(Class<? extends Record> type) {
        List<List<String>> rows = new ArrayList<>();
        addRows(type, "", rows);
        int[] widths = new int[3];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> aligned(row, widths)).toList();
    }

    private static void addRows(Class<? extends Record> type, String prefix, List<List<String>> rows) {
        for (ConfigKey key : ConfigKey.visible(type)) {
            String name = prefix + key.name();
            rows.add(List.of(name, key.type().label(), fallback(key), key.help()));
            switch (key.type()) {
                case Section section -> addRows(section.type(), name + ".", rows);
                case Many(Section element) -> addRows(element.type(), name + "[].", rows);
                case Many _, KeyType.Scalar _, KeyType.Choice _, KeyType.Free _, KeyType.Inlined _ -> {}
            }
        }
    }

    private static String fallback(ConfigKey key) {
        return switch (key.fallback()) {
            case "" -> "mandatory";
            case "null" -> "none";
            default -> key.fallback();
        };
    }

    private static String aligned(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            line.append(cell).repeat(' ', widths[i] - cell.length() + 2);
        }
        return line.append(row.getLast()).toString();
    }
}
