package dev.razor.study.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A table that is made here row by row.
///
/// @param columns their SQL types by name, in order
/// @param rows values by column; one that is absent or not a number is NULL
record Table(String name, Map<String, String> columns, List<Map<String, ? extends @Nullable Object>> rows) {

    Table {
        columns = new LinkedHashMap<>(columns);
        rows = List.copyOf(rows);
    }

    void create(Connection database) throws SQLException {
        String declared = columns.entrySet().stream()
                .map(column -> quoted(column.getKey()) + " " + column.getValue())
                .collect(Collectors.joining(", "));
        try (Statement statement = database.createStatement()) {
            statement.execute("CREATE TABLE %s (%s)".formatted(name, declared));
        }
        // text is read as what the column is, JSON included
        String places =
                columns.values().stream().map("CAST(? AS %s)"::formatted).collect(Collectors.joining(", "));
        try (PreparedStatement insert =
                database.prepareStatement("INSERT INTO %s VALUES (%s)".formatted(name, places))) {
            for (Map<String, ? extends @Nullable Object> row : rows) {
                int at = 1;
                for (String column : columns.keySet()) {
                    Object value = row.get(column);
                    insert.setObject(at++, value instanceof Double number && number.isNaN() ? null : value);
                }
                insert.execute();
            }
        }
    }

    /// A name as SQL takes it whatever it has in it.
    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
