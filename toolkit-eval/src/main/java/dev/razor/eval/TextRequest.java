package dev.razor.eval;

/// A context and the continuation to score after it, as text.
public record TextRequest(String context, String continuation) {}
