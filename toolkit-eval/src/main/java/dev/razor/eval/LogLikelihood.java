package dev.razor.eval;

/// How likely a model finds a continuation after its context.
///
/// @param sum the sum of the natural log-probabilities of the continuation's tokens
/// @param greedy whether every one of those tokens is the model's first choice
public record LogLikelihood(double sum, boolean greedy) {}
