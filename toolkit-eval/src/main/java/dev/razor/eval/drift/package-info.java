/// How far a model's weights, activations and representations have moved from those of its base.
@NullMarked
package dev.razor.eval.drift;

import org.jspecify.annotations.NullMarked;
