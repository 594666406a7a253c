/// The optimiser, its learning-rate schedules and gradient clipping.
@NullMarked
package dev.razor.core.optim;

import org.jspecify.annotations.NullMarked;
