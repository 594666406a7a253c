/// Files of records that a model scores or goes on with: one line in, one line out.
@NullMarked
package dev.razor.eval.lines;

import org.jspecify.annotations.NullMarked;
