package dev.razor.eval;

import java.util.List;

/// What a benchmark read from its files.
///
/// @param tasks what is scored and reported apart; one for most benchmarks
/// @param groups averages over several of the tasks
public record BenchmarkData(List<Task> tasks, List<Group> groups) {

    public BenchmarkData {
        tasks = List.copyOf(tasks);
        groups = List.copyOf(groups);
    }

    /// Questions that are scored together.
    ///
    /// @param name as in result files
    public record Task(String name, double version, List<Document> documents) {

        public Task {
            documents = List.copyOf(documents);
        }
    }

    /// Tasks whose average is reported, each question counting the same.
    ///
    /// @param name as in result files
    /// @param tasks names of its members
    public record Group(String name, double version, List<String> tasks) {

        public Group {
            tasks = List.copyOf(tasks);
        }
    }
}
