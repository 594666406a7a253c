/// Running programs that a model wrote: in a sandbox, and judged where they cannot reach.
@NullMarked
package dev.razor.core.sandbox;

import org.jspecify.annotations.NullMarked;
