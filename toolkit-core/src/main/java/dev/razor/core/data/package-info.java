/// Sequences, batches and the readers of data files.
@NullMarked
package dev.razor.core.data;

import org.jspecify.annotations.NullMarked;
