/// Benchmarks whose answers a model writes: prompts, greedy completions cut at stop strings, marks, going on
/// after an interruption.
@NullMarked
package dev.razor.eval.generative;

import org.jspecify.annotations.NullMarked;
