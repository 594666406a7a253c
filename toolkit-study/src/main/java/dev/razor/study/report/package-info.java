/// The study's report: what came out, in words, figures and tables, as one page that needs nothing else.
@NullMarked
package dev.razor.study.report;

import org.jspecify.annotations.NullMarked;
