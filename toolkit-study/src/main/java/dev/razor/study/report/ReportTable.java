package dev.razor.study.report;

import dev.razor.core.base.Check;
import java.util.List;

/// A table that a study adds to its report, such as a paper's numbers beside ours.
///
/// @param caption what is in it, in a sentence or two
/// @param rows each with as many cells as the header; a column whose cells are all numbers is set as numbers
public record ReportTable(String title, String caption, List<String> header, List<List<String>> rows) {

    public ReportTable {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            Check.that(
                    row.size() == header.size(),
                    "table %s: a row has %d cells, the header %d",
                    title,
                    row.size(),
                    header.size());
        }
    }
}
