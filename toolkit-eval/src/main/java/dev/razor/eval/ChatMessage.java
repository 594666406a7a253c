package dev.razor.eval;

/// One turn of a conversation.
///
/// @param role `system`, `user` or `assistant`
public record ChatMessage(String role, String content) {}
