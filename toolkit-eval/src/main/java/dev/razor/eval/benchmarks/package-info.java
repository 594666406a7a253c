/// The benchmarks, one file each, and the readers of their data files.
@NullMarked
package dev.razor.eval.benchmarks;

import org.jspecify.annotations.NullMarked;
