package dev.razor.eval.code;

import dev.razor.eval.Aggregate;
import dev.razor.eval.benchmarks.HumanEval;
import java.util.List;
import java.util.stream.IntStream;

/// The verdicts of a task.
///
/// @param perTask completions of each problem
/// @param samples all of them, those of a problem one after the other
public record CodeResult(HumanEval task, int perTask, List<CodeSample> samples) {

    public CodeResult {
        samples = List.copyOf(samples);
    }

    /// How many problems there are.
    public int problems() {
        return samples.size() / perTask;
    }

    /// pass@k as the mean over problems, with its standard error.
    public Aggregate passAt(int k) {
        List<Double> values = IntStream.range(0, problems())
                .mapToObj(i -> samples.subList(i * perTask, (i + 1) * perTask))
                .map(each -> PassAtK.of(perTask, passed(each), k))
                .toList();
        return Aggregate.of("pass@" + k, values);
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
