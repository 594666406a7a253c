package dev.razor.eval.results;

import dev.razor.eval.BenchmarkResult;
import dev.razor.eval.GroupResult;
import dev.razor.eval.code.CodeResult;
import dev.razor.eval.generative.GenerativeResult;
import java.util.List;

/// The results of one benchmark in lm-evaluation-harness's terms.
public record LmEvalBenchmark(List<LmEvalTask> tasks, List<GroupResult> groups) {

    public static LmEvalBenchmark of(BenchmarkResult result) {
        return new LmEvalBenchmark(
                result.tasks().stream().map(LmEvalChoices::task).toList(), result.groups());
    }

    public static LmEvalBenchmark of(GenerativeResult result) {
        return new LmEvalBenchmark(List.of(LmEvalAnswers.task(result)), List.of());
    }

    /// The results of programs that were run.
    ///
    /// @param ks the k of pass@k
    public static LmEvalBenchmark of(CodeResult result, List<Integer> ks) {
        return new LmEvalBenchmark(List.of(LmEvalCode.task(result, ks)), List.of());
    }
}
