/// Quantities over next-token predictions: log-probabilities, losses' gradients, divergences.
@NullMarked
package dev.razor.core.loss;

import org.jspecify.annotations.NullMarked;
