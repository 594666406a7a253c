package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.KvCache;
import dev.razor.core.model.PromptCache;
import dev.razor.core.tensor.Aten;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Completions that wait for a slot, and their prompts: each distinct prompt is computed once, several of like
/// length in one pass, when the first slot falls to one of them.
///
/// The longest prompts come first: what needs most memory is met at the start, prompts of like length are
/// neighbours, and what attention reads grows shorter towards the end. The completions of a prompt enter one
/// after the other, so that one group of computed prompts is kept at a time: no more than there are slots, and of
/// no more than [#PREFILL_TOKENS] tokens, unless one prompt alone has more.
final class Waiting implements AutoCloseable {

    /// Tokens of prompts that are computed together, padding included.
    static final int PREFILL_TOKENS = 2048;

    private final CausalLm model;
    private final NDManager manager;
    private final KvCache cache;
    private final int slots;
    private final Deque<Deque<Draft>> prompts = new ArrayDeque<>(); // the drafts of each distinct prompt
    private @Nullable Group group;

    /// Prompts that are computed while not all their completions have a slot.
    ///
    /// @param last the hidden state of each prompt's last token, `[U, D]`
    /// @param drafts those of each prompt that still wait
    private record Group(PromptCache cache, NDArray last, List<Deque<Draft>> drafts) {}

    Waiting(CausalLm model, NDManager manager, KvCache cache, List<Draft> drafts) {
        this.model = model;
        this.manager = manager;
        this.cache = cache;
        this.slots = cache.free();
        Map<List<Integer>, Deque<Draft>> distinct = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            List<Integer> key = Arrays.stream(draft.promptIds()).boxed().toList();
            distinct.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(draft);
        }
        distinct.values().stream()
                .sorted(Comparator.comparingInt(same -> -same.getFirst().promptIds().length))
                .forEach(prompts::add);
    }

    boolean isEmpty() {
        return group == null && prompts.isEmpty();
    }

    /// Gives the free slots, in their order, to those that wait.
    ///
    /// @param hidden takes the hidden states their first tokens are chosen from, `[m, D]` for `m` of them
    /// together
    /// @return those that entered
    List<Draft> enter(List<NDArray> hidden) {
        List<Draft> entered = new ArrayList<>();
        while (cache.free() > 0 && !isEmpty()) {
            Group current = group == null ? compute() : group;
            group = current;
            List<Long> rows = new ArrayList<>();
            for (int row = 0; row < current.drafts.size() && cache.free() > 0; row++) {
                Deque<Draft> same = current.drafts.get(row);
                int count = Math.min(cache.free(), same.size());
                if (count > 0) {
                    cache.admit(current.cache, row, count);
                }
                for (int i = 0; i < count; i++) {
                    entered.add(same.removeFirst());
                    rows.add((long) row);
                }
            }
            NDArray index = manager.create(rows.stream().mapToLong(row -> row).toArray());
            hidden.add(Aten.indexSelect(current.last, 0, index));
            if (current.drafts.getLast().isEmpty()) {
                close();
            }
        }
        return entered;
    }

    /// Computes the next prompts together.
    private Group compute() {
        int width = prompts.getFirst().getFirst().promptIds().length;
        int most = Math.clamp(PREFILL_TOKENS / width, 1, slots);
        List<Deque<Draft>> chosen = new ArrayList<>();
        while (chosen.size() < most && !prompts.isEmpty()) {
            chosen.add(prompts.removeFirst());
        }
        int[] lengths = new int[chosen.size()];
        long[] tokens = new long[lengths.length * width];
        long[] ends = new long[lengths.length];
        for (int u = 0; u < lengths.length; u++) {
            int[] ids = chosen.get(u).getFirst().promptIds();
            for (int t = 0; t < ids.length; t++) {
                tokens[u * width + t] = ids[t];
            }
            lengths[u] = ids.length;
            ends[u] = (long) u * width + ids.length - 1;
        }
        PromptCache computed = cache.forPrompts(lengths);
        try (NDScope _ = new NDScope()) {
            NDArray hidden = model.hidden(manager.create(tokens, new Shape(lengths.length, width)), computed);
            NDArray flat = hidden.reshape((long) lengths.length * width, -1);
            NDArray last = Aten.indexSelect(flat, 0, manager.create(ends)); // [U, D]
            NDScope.unregister(last);
            return new Group(computed, last, chosen);
        } catch (RuntimeException e) {
            computed.close();
            throw e;
        }
    }

    /// Gives back the computed prompts.
    @Override
    public void close() {
        if (group != null) {
            group.cache.close();
            group.last.close();
            group = null;
        }
    }
}
