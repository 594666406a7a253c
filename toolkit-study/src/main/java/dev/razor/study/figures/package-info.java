/// The study's figures, as PNG and SVG of the same chart.
@NullMarked
package dev.razor.study.figures;

import org.jspecify.annotations.NullMarked;
