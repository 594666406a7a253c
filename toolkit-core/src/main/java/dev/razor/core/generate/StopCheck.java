package dev.razor.core.generate;

/// Decides after each token whether a completion ends there, beside the tokens that always end one. It sees one
/// completion's tokens in their order, so each completion has its own.
@FunctionalInterface
public interface StopCheck {

    /// Whether the completion ends with `id`, which is part of it.
    boolean endsWith(int id);
}
