/// Comparison of two models by their answers to the same items.
@NullMarked
package dev.razor.eval.compare;

import org.jspecify.annotations.NullMarked;
