/// An interpreter of the part of Jinja that chat templates use, with Python's semantics: what raises in Python
/// raises here, and what prints there prints here the same.
///
/// A template goes through three steps: [Lexer] (text to tokens, white space), [Parser] (tokens to [Statement]
/// and [Expression]) and [Renderer] (statements to text, with [Evaluator] for the expressions). Values are
/// [Value]; what Python does with them is in [Python], [Operators], [Attributes], [TextMethods], [Filters] and
/// [TypeTests].
@NullMarked
package dev.razor.core.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
