package dev.razor.eval.code;

import dev.razor.eval.Aggregate;
import dev.razor.eval.benchmarks.HumanEval;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// The verdicts of a task.
///
/// @param available how many problems the task has, those without a completion included
/// @param samples all of them, those of a problem one after the other
public record CodeResult(HumanEval task, int available, List<CodeSample> samples) {

    public CodeResult {
        samples = List.copyOf(samples);
    }

    /// The samples of each problem.
    public Collection<List<CodeSample>> byProblem() {
        return samples.stream()
                .collect(Collectors.groupingBy(CodeSample::problemIndex, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /// How many problems there are.
    public int problems() {
        return byProblem().size();
    }

    /// pass@k as the mean over problems, with its standard error; each problem's from its own completions.
    public Aggregate passAt(int k) {
        return Aggregate.of(
                "pass@" + k, byProblem().stream().map(each -> passAt(k, each)).toList());
    }

    /// pass@k of one problem.
    public static double passAt(int k, List<CodeSample> ofProblem) {
        return PassAtK.of(ofProblem.size(), passed(ofProblem), k);
    }

    /// How many completions passed.
    public int passed() {
        return passed(samples);
    }

    private static int passed(List<CodeSample> samples) {
        return (int)
                samples.stream().filter(sample -> sample.verdict().passed()).count();
    }
}
