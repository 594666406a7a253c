/// How well a number that was computed from data is known.
@NullMarked
package dev.razor.core.stats;

import org.jspecify.annotations.NullMarked;
