/// What every training run shares: its arguments, its output directory, its step.
@NullMarked
package dev.razor.core.train;

import org.jspecify.annotations.NullMarked;
