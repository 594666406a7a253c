package dev.razor.eval.generative;

/// What a model wrote.
///
/// @param text cut at the stop strings, without special tokens
/// @param tokens how many were written, those cut off and the end token included
/// @param ended whether an end token or a stop string ended it; otherwise it ran into the limit
/// @param droppedTokens how many tokens the prompt lost on the left because it left no room for the answer
public record Answer(String text, int tokens, boolean ended, int droppedTokens) {}
