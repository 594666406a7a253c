package dev.razor.eval.generative;

/// An answer that is asked for.
///
/// @param seed names its random numbers, where it is sampled
public record Request(String prompt, long seed) {}
