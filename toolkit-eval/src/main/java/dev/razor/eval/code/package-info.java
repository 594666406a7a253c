/// Benchmarks whose answers are programs: running completions and counting those that pass.
@NullMarked
package dev.razor.eval.code;

import org.jspecify.annotations.NullMarked;
