package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.List;

/// TruthfulQA with one true answer: is it the likeliest?
///
/// The harness takes the first answer for the true one, which it is in the published data; here the label
/// decides.
///
/// @see <a href="https://arxiv.org/abs/2109.07958">Lin et al. 2021</a>
public final class TruthfulQaMc1 implements MultipleChoiceBenchmark {

    @Override
    public String name() {
        return "truthfulqa_mc1";
    }

    @Override
    public double version() {
        return 2.0;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        return SingleTask.of(this, TruthfulQa.documents(name(), "mc1_targets", true, data, numFewshot));
    }
}
