package dev.razor.core.task;

import dev.razor.core.base.Check;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a task's prompts are cut into training, validation and test prompts.
///
/// Groups stay whole. They are put into an order that their names and the seed give, so that it depends neither
/// on the files' order nor on which other groups there are; a group goes where its middle falls:
///
/// ```
/// key(group) = mix(seed, SPLIT, first 64 bits of sha256(group))              groups sorted by key
/// middle     = (prompts of the groups before it + half its own) / all prompts
/// train      if middle < train share
/// validation if middle < train share + validation share
/// test       else
/// ```
///
/// With groups of one prompt each, this rounds the shares to the nearest whole number of prompts. Nothing is
/// stratified.
///
/// @param train share of the prompts, as for the others; together they are 1
public record Split(double train, double validation, double test) {

    /// The shares of the self-distillation paper's Science task.
    public static final Split STANDARD = new Split(0.75, 0.05, 0.20);

    /// Names the draws of splits among all others.
    private static final long SPLIT = 0x53_504c_4954L;

    private static final double ROUNDING = 1e-9;

    public Split {
        for (double share : List.of(train, validation, test)) {
            Check.that(0 <= share && share <= 1, "a share must be in [0, 1], got %s", share);
        }
        Check.that(
                Math.abs(train + validation + test - 1) < ROUNDING,
                "the shares must add up to 1, got %s + %s + %s",
                train,
                validation,
                test);
    }

    /// The three parts, each in the order of `tasks`.
    ///
    /// @param limit at most so many prompts are taken, the first ones of the seed's order
    Parts cut(List<PreparedTask> tasks, long seed, int limit) {
        List<List<PreparedTask>> groups = ordered(tasks, seed);
        int all = Math.min(limit, tasks.size());
        Map<PreparedTask, Integer> part = new LinkedHashMap<>();
        int before = 0;
        for (List<PreparedTask> group : groups) {
            List<PreparedTask> taken = group.subList(0, Math.min(group.size(), all - before));
            double middle = (before + taken.size() / 2.0) / all;
            int at = middle < train ? 0 : middle < train + validation ? 1 : 2;
            taken.forEach(task -> part.put(task, at));
            before += taken.size();
        }
        List<List<PreparedTask>> parts = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (PreparedTask task : tasks) {
            Integer at = part.get(task);
            if (at != null) {
                parts.get(at).add(task);
            }
        }
        return new Parts(parts.get(0), parts.get(1), parts.get(2), groups.size());
    }

    /// The groups in the order of their keys.
    private static List<List<PreparedTask>> ordered(List<PreparedTask> tasks, long seed) {
        Map<String, List<PreparedTask>> groups = new LinkedHashMap<>();
        for (PreparedTask task : tasks) {
            groups.computeIfAbsent(task.group(), _ -> new ArrayList<>()).add(task);
        }
        Map<String, Long> keys = new LinkedHashMap<>();
        groups.keySet().forEach(group -> keys.put(group, key(group, seed)));
        return groups.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, List<PreparedTask>> group) -> keys.get(group.getKey()))
                        .thenComparing(Map.Entry::getKey))
                .map(group -> group.getValue().stream()
                        .sorted(Comparator.comparing(PreparedTask::id))
                        .toList())
                .toList();
    }

    private static long key(String group, long seed) {
        return Draws.mix(
                seed, SPLIT, Long.parseUnsignedLong(Sha256.ofText(group).substring(0, 16), 16));
    }

    /// What a split comes to.
    ///
    /// @param groups how many groups there were
    record Parts(List<PreparedTask> train, List<PreparedTask> validation, List<PreparedTask> test, int groups) {}
}
