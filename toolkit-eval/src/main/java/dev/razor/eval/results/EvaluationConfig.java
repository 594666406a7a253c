package dev.razor.eval.results;

import java.util.OptionalInt;

/// What an evaluation ran with, as `results.json` records it.
///
/// @param model the model as the user named it
/// @param modelHash a checksum of its weights
/// @param limit how many documents of each task; all where absent
/// @param numFewshot how many examples stood before each question; each task's own number where absent
/// @param chatTemplate whether questions went through the model's chat template
/// @param dtype the type the model computed in
/// @param batchSize how many sequences went through the model at once
public record EvaluationConfig(
        String model,
        String modelHash,
        OptionalInt limit,
        OptionalInt numFewshot,
        boolean chatTemplate,
        long seed,
        String dtype,
        String device,
        int batchSize) {}
