package dev.razor.eval;

/// A solved question, shown before the one that is asked.
public record Example(String query, String answer) {}
