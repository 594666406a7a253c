package dev.razor.eval.generative;

import java.nio.file.Path;

/// Where answers are kept while an evaluation runs, and whose they are.
///
/// @param folder the evaluation's output
/// @param modelHash the digest of the model
/// @param dtype the type it computes in
public record Resume(Path folder, String modelHash, String dtype) {}
