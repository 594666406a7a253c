/// A Hugging Face model directory as one object: decoder, tokenizer, configuration; loaded and exported.
@NullMarked
package dev.razor.core.pretrained;

import org.jspecify.annotations.NullMarked;
