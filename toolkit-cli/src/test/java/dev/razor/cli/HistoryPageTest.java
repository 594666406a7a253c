package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import dev.razor.study.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example queries of docs/history.md, on a real study's directory.
final class HistoryPageTest {

    private static final Path PAGE = Path.of(System.getProperty("razor.home")).resolve("docs/history.md");
    private static final Pattern QUERY = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @Test
    void everyQueryOfThePage_answersOnARealStudy() throws IOException, SQLException {
        List<String> queries = new ArrayList<>();
        for (Matcher matcher = QUERY.matcher(Files.readString(PAGE)); matcher.find(); ) {
            queries.add(matcher.group(1));
        }
        assertThat(queries).hasSizeGreaterThanOrEqualTo(5);
        Path study = SmallStudy.write(directory, Golden.model());
        assertThat(CommandRun.of("run", study).exit()).isZero();
        Path history = History.write(directory.resolve("out"));
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:" + history);
                Statement statement = database.createStatement()) {
            for (String query : queries) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    assertThat(rows.next()).as("rows of\n%s", query).isTrue();
                }
            }
            // base; two SFT runs at steps 2 and 4; a GRPO run at steps 1 and 2
            assertThat(count(statement, "points")).isEqualTo(1 + 4 + 2);
            assertThat(count(statement, "runs")).isEqualTo(3);
            assertThat(count(statement, "metrics")).isEqualTo(2 * 4 + 2);
            assertThat(count(statement, "samples WHERE source = 'training'")).isPositive();
            assertThat(count(statement, "points WHERE new_accuracy_stderr IS NULL"))
                    .isZero();
        }
    }

    private static int count(Statement statement, String from) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
