package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void rows_readsQuotes() {
        assertThat(Csv.rows("f", "a,\"b, \"\"c\"\"\",d\n"))
                .extracting(Csv.Row::cells)
                .containsExactly(List.of("a", "b, \"c\"", "d"));
    }

    @Test
    void rows_keepsEmptyCells() {
        assertThat(Csv.rows("f", ",\"\",\na,"))
                .extracting(Csv.Row::cells)
                .containsExactly(List.of("", "", ""), List.of("a", ""));
    }

    @Test
    void rows_countsTheLinesOfTheFile() {
        List<Csv.Row> rows = Csv.rows("f", "\"a\r\nb\nc\",1\r\n\r\nd,2\r\n");

        assertThat(rows).extracting(Csv.Row::cells).containsExactly(List.of("a\r\nb\nc", "1"), List.of("d", "2"));
        assertThat(rows).extracting(Csv.Row::line).containsExactly(1, 5);
    }

    @Test
    void rows_keepsQuotesInsideABareCell() {
        assertThat(Csv.rows("f", "5\" pipe,\"x\"y\n"))
                .extracting(Csv.Row::cells)
                .containsExactly(List.of("5\" pipe", "xy"));
    }

    @Test
    void rows_namesTheLineOfAnOpenQuote() {
        assertThatThrownBy(() -> Csv.rows("f.csv", "a,b\nc,\"d\ne"))
                .isInstanceOf(DataException.class)
                .hasMessage("f.csv:2: the quote that opens here is not closed; the file may be cut off");
    }
}
