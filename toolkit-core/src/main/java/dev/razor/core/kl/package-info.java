/// How far a model has moved from its base: completions that the base draws, and the divergence along them.
@NullMarked
package dev.razor.core.kl;

import org.jspecify.annotations.NullMarked;
