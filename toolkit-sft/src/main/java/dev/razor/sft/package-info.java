/// Supervised fine-tuning and pre-training: completion-only cross-entropy.
@NullMarked
package dev.razor.sft;

import org.jspecify.annotations.NullMarked;
