package dev.razor.eval.code;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The completions of a file, lines `{"task_id", "completion"}`, by the problem that they solve.
///
/// @param problems all that the benchmark has
/// @param byTask in the order of the problems, those without a completion left out; of each at least one
public record Completions(List<Problem> problems, Map<Problem, List<String>> byTask) {

    private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

    private record Line(String taskId, String completion) {}

    /// Reads a file. Where some of the problems that are asked have no completion, a warning says so: scores
    /// are then over the others.
    ///
    /// @param all the benchmark's problems
    /// @param asked how many of them, from the first, are asked; completions of others are passed over
    /// @throws DataException naming what is unknown, or that there is nothing to run
    public static Completions read(Path file, List<Problem> all, int asked) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        all.forEach(problem -> found.put(problem.taskId(), new ArrayList<>()));
        List<Line> lines = DataFiles.map(file, record -> {
            String id = record.text("task_id");
            if (!found.containsKey(id)) {
                throw record.problem(
                        "task_id", "the benchmark has no such task, got %s; remove the line".formatted(id));
            }
            return new Line(id, record.text("completion"));
        });
        lines.forEach(
                line -> found.getOrDefault(line.taskId(), new ArrayList<>()).add(line.completion()));
        Map<Problem, List<String>> byTask = new LinkedHashMap<>();
        for (Problem problem : all.subList(0, asked)) {
            List<String> completions = found.getOrDefault(problem.taskId(), List.of());
            if (!completions.isEmpty()) {
                byTask.put(problem, List.copyOf(completions));
            }
        }
        if (byTask.isEmpty()) {
            throw new DataException("%s: holds no completion of the %d tasks that are asked; add some, or raise --limit"
                    .formatted(file, asked));
        }
        if (byTask.size() < asked) {
            LOG.warn(
                    "{}: {} of {} tasks have no completion; scores are over the other {}",
                    file,
                    asked - byTask.size(),
                    asked,
                    byTask.size());
        }
        return new Completions(all, byTask);
    }

    /// The fewest that a task has.
    public int fewest() {
        return byTask.values().stream().mapToInt(List::size).min().orElseThrow();
    }
}
