package dev.razor.core.task;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What came of a task's source records: prompts, each once, and how many records were left out and why.
public final class PreparedTasks {

    private final Task task;
    private final Map<String, PreparedTask> byId = new LinkedHashMap<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Problems problems = new Problems();

    public PreparedTasks(Task task) {
        this.task = task;
    }

    /// Adds what a source record holds; one that cannot be used is reported by [#requireGood].
    public void read(JsonRecord source) {
        try {
            task.prepare(source, this);
        } catch (DataException e) {
            problems.add(e);
        }
    }

    /// Adds a prompt, unless the same one is there already.
    void add(PreparedTask prepared) {
        PreparedTask before = byId.putIfAbsent(prepared.id(), prepared);
        if (before != null) {
            leaveOut(
                    before.node().equals(prepared.node())
                            ? "the same prompt and answer again"
                            : "the same prompt again with another answer");
        }
    }

    /// Counts something that the task does not use.
    void leaveOut(String reason) {
        leftOut.merge(reason, 1, Integer::sum);
    }

    /// Leaves out the prompts whose group is among `others`', so that nothing of them is trained on.
    ///
    /// @param reason counted under this
    void removeGroupsOf(List<PreparedTask> others, String reason) {
        Set<String> taken = others.stream().map(PreparedTask::group).collect(Collectors.toSet());
        int before = byId.size();
        byId.values().removeIf(prepared -> taken.contains(prepared.group()));
        if (byId.size() < before) {
            leftOut.merge(reason, before - byId.size(), Integer::sum);
        }
    }

    /// Throws what was wrong with the source records, all of it together.
    ///
    /// @param where the file or files, for the line that counts the rest
    /// @throws DataException with one line a problem, or if nothing is left to use
    void requireGood(Object where) {
        problems.throwIfAny(where);
        if (byId.isEmpty()) {
            throw new DataException("%s: holds no record of %s%s; give the task's own files"
                    .formatted(where, task.key(), leftOut.isEmpty() ? "" : ", left out " + leftOut));
        }
    }

    /// The prompts in the order of the source.
    public List<PreparedTask> tasks() {
        return new ArrayList<>(byId.values());
    }

    /// How many records were left out, by reason.
    public Map<String, Integer> leftOut() {
        return new TreeMap<>(leftOut);
    }

    /// The same as a JSON object, in the order of the reasons.
    ObjectNode leftOutJson(ObjectNode json) {
        leftOut.forEach(json::put);
        return json;
    }
}
