/// Benchmarks by the definitions of lm-evaluation-harness, and divergences between two models.
@NullMarked
package dev.razor.eval;

import org.jspecify.annotations.NullMarked;
