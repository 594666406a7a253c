/// Samples of an evaluation that has not ended, from which the next one goes on.
@NullMarked
package dev.razor.eval.partial;

import org.jspecify.annotations.NullMarked;
