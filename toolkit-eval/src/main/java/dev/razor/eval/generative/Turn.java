package dev.razor.eval.generative;

/// One turn of a prompt.
///
/// @param role `system`, `user` or `assistant`
/// @param delimiter what follows the turn where the prompt is plain text
public record Turn(String role, String content, String delimiter) {}
