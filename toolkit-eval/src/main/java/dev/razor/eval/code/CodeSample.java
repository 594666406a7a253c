package dev.razor.eval.code;

import dev.razor.core.sandbox.Verdict;
import dev.razor.eval.benchmarks.HumanEval.Problem;

/// A completion and its verdict.
///
/// @param problemIndex the problem's place in its file, from 0
public record CodeSample(int problemIndex, Problem problem, String completion, Verdict verdict) {}
