package dev.razor.eval;

import java.util.List;

/// The average of several tasks, in which each document counts the same.
///
/// @param tasks names of the members
/// @param aggregates one a metric
public record GroupResult(String name, double version, List<String> tasks, List<Aggregate> aggregates) {

    public GroupResult {
        tasks = List.copyOf(tasks);
        aggregates = List.copyOf(aggregates);
    }
}
