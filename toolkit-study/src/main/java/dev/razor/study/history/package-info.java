/// A study's points, runs, metrics and samples as one DuckDB file, for questions in SQL.
@NullMarked
package dev.razor.study.history;

import org.jspecify.annotations.NullMarked;
