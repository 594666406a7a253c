package dev.razor.eval.drift;

/// How the states of a text's tokens become one vector.
public enum Pooling {
    /// Their mean over the tokens, as Huh et al. take it of language models.
    MEAN,
    /// The state at the last token.
    LAST
}
