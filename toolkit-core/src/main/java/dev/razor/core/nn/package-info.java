/// Layers as immutable records: each holds its tensors and knows how to apply itself.
@NullMarked
package dev.razor.core.nn;

import org.jspecify.annotations.NullMarked;
