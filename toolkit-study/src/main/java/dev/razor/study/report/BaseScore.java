package dev.razor.study.report;

/// The base model's score on one prior benchmark, a fraction, and its standard error; NaN where not known.
public record BaseScore(double score, double standardError) {}
