/// Text to token ids and back, conversations to text and token ids, and the training of a tokenizer.
///
/// [Tokenizer] wraps Hugging Face's own implementation, [ChatTemplate] renders the model's Jinja template,
/// [ChatTokens] says which tokens of a conversation are trained on, and [BpeTrainer] makes a tokenizer from
/// texts.
@NullMarked
package dev.razor.core.tokenizer;

import org.jspecify.annotations.NullMarked;
