/// The files that an evaluation leaves behind.
@NullMarked
package dev.razor.eval.results;

import org.jspecify.annotations.NullMarked;
