package dev.razor.eval;

import java.util.List;

/// The scores of one benchmark: its tasks, and averages over groups of them.
public record BenchmarkResult(List<TaskResult> tasks, List<GroupResult> groups) {

    public BenchmarkResult {
        tasks = List.copyOf(tasks);
        groups = List.copyOf(groups);
    }
}
