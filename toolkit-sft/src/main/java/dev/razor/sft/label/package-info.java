/// Labels for SFT: a teacher, a local model or an endpoint, is sampled until a reward accepts what it wrote.
@NullMarked
package dev.razor.sft.label;

import org.jspecify.annotations.NullMarked;
