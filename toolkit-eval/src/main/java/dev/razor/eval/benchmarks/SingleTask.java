package dev.razor.eval.benchmarks;

import dev.razor.eval.BenchmarkData;
import dev.razor.eval.Document;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.util.List;

/// The data of a benchmark that is one task, under its own name.
final class SingleTask {

    private SingleTask() {}

    static BenchmarkData of(MultipleChoiceBenchmark benchmark, List<Document> documents) {
        return new BenchmarkData(
                List.of(new BenchmarkData.Task(benchmark.name(), benchmark.version(), documents)), List.of());
    }
}
