package dev.razor.core.tokenizer;

import java.util.List;

/// A text's tokens and where each stands in it.
///
/// @param tokens in the order of the text
record EncodedText(List<Token> tokens) {

    /// One token.
    ///
    /// @param start the index of its first `char` in the text as it was given, before any normalisation
    /// @param end the index after its last `char`
    record Token(int id, int start, int end) {}

    int[] ids() {
        return tokens.stream().mapToInt(Token::id).toArray();
    }
}
