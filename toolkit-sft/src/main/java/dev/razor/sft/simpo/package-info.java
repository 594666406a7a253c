/// Preference optimisation without a reference model, on fixed pairs of a chosen and a rejected answer.
@NullMarked
package dev.razor.sft.simpo;

import org.jspecify.annotations.NullMarked;
