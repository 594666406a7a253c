package dev.razor.eval.code;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.eval.benchmarks.HumanEval.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The completions of a file, lines `{"task_id", "completion"}`, by the problem that they solve.
///
/// @param byTask in the order of the problems; each has the same number of them, at least one
public record Completions(Map<Problem, List<String>> byTask) {

    private static final int SHOWN = 3;

    private record Line(String taskId, String completion) {}

    /// Reads a file. Every problem needs completions, and all the same number.
    ///
    /// @throws DataException naming what is unknown, missing or too many
    public static Completions read(Path file, List<Problem> problems) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        problems.forEach(problem -> found.put(problem.taskId(), new ArrayList<>()));
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
        List<String> missing = withCount(found, 0);
        if (!missing.isEmpty()) {
            throw new DataException("%s: %d of %d tasks have no completion, got none for %s; add them, or run fewer"
                            .formatted(file, missing.size(), problems.size(), shown(missing))
                    + " tasks with --limit");
        }
        int count = found.values().iterator().next().size();
        found.forEach((id, each) -> {
            if (each.size() != count) {
                throw new DataException(
                        "%s: every task needs the same number of completions, got %d for %s and %d for %s;"
                                        .formatted(
                                                file, count, problems.getFirst().taskId(), each.size(), id)
                                + " remove what stands twice, or add what is missing");
            }
        });
        Map<Problem, List<String>> byTask = new LinkedHashMap<>();
        problems.forEach(problem -> byTask.put(problem, List.copyOf(found.getOrDefault(problem.taskId(), List.of()))));
        return new Completions(byTask);
    }

    /// How many each task has.
    public int perTask() {
        return byTask.values().iterator().next().size();
    }

    private static List<String> withCount(Map<String, List<String>> found, int count) {
        return found.entrySet().stream()
                .filter(entry -> entry.getValue().size() == count)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String shown(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(SHOWN, ids.size())));
        return ids.size() <= SHOWN ? first : first + ", ...";
    }
}
