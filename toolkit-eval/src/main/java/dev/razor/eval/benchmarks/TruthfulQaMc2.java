package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;

/// TruthfulQA with several true answers: how much of the probability of all answers do they share?
///
/// @see <a href="https://arxiv.org/abs/2109.07958">Lin et al. 2021</a>
public final class TruthfulQaMc2 implements MultipleChoiceBenchmark {

    @Override
    public String name() {
        return "truthfulqa_mc2";
    }

    @Override
    public double version() {
        return 3.0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.MASS_ON_RIGHT);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        return SingleTask.of(this, TruthfulQa.documents(name(), "mc2_targets", false, data, numFewshot));
    }
}
