/// A study: base, sweep of runs, scores, divergences, fits, figures, report.
@NullMarked
package dev.razor.study;

import org.jspecify.annotations.NullMarked;
