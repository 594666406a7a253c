package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.base.Check;
import dev.razor.core.model.CausalLm;
import dev.razor.core.model.KvCache;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Completes prompts in batches with a key/value cache.
///
/// Equal prompts of a batch are computed once and their cache is shared out; a sequence that has ended leaves the
/// batch. Every sequence has a length of its own, so prompts of unequal length need no padding while decoding.
public final class Generator {

    private final CausalLm model;
    private final NDManager manager;
    private final int batchSize;

    /// @param batchSize sequences decoded together
    public Generator(CausalLm model, NDManager manager, int batchSize) {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        this.model = model;
        this.manager = manager;
        this.batchSize = batchSize;
    }

    /// Completes each prompt; the results stand in the prompts' order.
    public List<Completion> complete(List<Prompt> prompts, SamplingOptions options) {
        // Prompts of like length run together; which batch one is in does not change what is written.
        List<Integer> order = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> prompts.get(i).ids().length))
                .toList();
        Completion[] results = new Completion[prompts.size()];
        try (GradMode _ = GradMode.off()) {
            for (int start = 0; start < order.size(); start += batchSize) {
                List<Integer> chosen = order.subList(start, Math.min(order.size(), start + batchSize));
                List<Completion> batch =
                        completeBatch(chosen.stream().map(prompts::get).toList(), options);
                for (int i = 0; i < chosen.size(); i++) {
                    results[chosen.get(i)] = batch.get(i);
                }
            }
        }
        return List.of(results);
    }

    /// A sequence being written.
    private static final class Draft {
        private final long seed;
        private final int[] ids;
        private final float[] logProbs;
        private int length;
        private boolean stopped;

        Draft(long seed, int limit) {
            this.seed = seed;
            this.ids = new int[limit];
            this.logProbs = new float[limit];
        }

        Completion finish() {
            return new Completion(Arrays.copyOf(ids, length), Arrays.copyOf(logProbs, length), stopped);
        }
    }

    private List<Completion> completeBatch(List<Prompt> prompts, SamplingOptions options) {
        Map<List<Integer>, Integer> distinct = new LinkedHashMap<>();
        int[] source = new int[prompts.size()];
        for (int i = 0; i < source.length; i++) {
            List<Integer> key = Arrays.stream(prompts.get(i).ids()).boxed().toList();
            distinct.putIfAbsent(key, distinct.size());
            source[i] = distinct.get(key);
        }
        int longest =
                prompts.stream().mapToInt(prompt -> prompt.ids().length).max().orElseThrow();
        int capacity = 0;
        List<Draft> drafts = new ArrayList<>();
        for (Prompt prompt : prompts) {
            int room = model.contextLength() - prompt.ids().length;
            Check.that(
                    room > 0,
                    "a prompt of %d tokens leaves no room in a context of %d",
                    prompt.ids().length,
                    model.contextLength());
            var draft = new Draft(prompt.seed(), Math.min(options.maxNewTokens(), room));
            capacity = Math.max(capacity, prompt.ids().length + draft.ids.length);
            drafts.add(draft);
        }
        var sampler = new Sampler(options);
        List<Draft> open = new ArrayList<>(drafts);
        try (NDScope _ = new NDScope();
                KvCache cache = model.newCache(manager, distinct.size(), capacity)) {
            try (NDScope _ = new NDScope()) {
                NDArray logits = prefill(cache, List.copyOf(distinct.keySet()), longest); // [U, V]
                cache.select(source);
                append(open, sampler, Aten.indexSelect(logits, 0, index(source)), options);
            }
            while (dropEnded(open, cache)) {
                try (NDScope _ = new NDScope()) {
                    append(open, sampler, decode(cache, open), options);
                }
            }
        }
        return drafts.stream().map(Draft::finish).toList();
    }

    /// The logits after each prompt, `[U, V]` float32.
    private NDArray prefill(KvCache cache, List<List<Integer>> prompts, int width) {
        int[] counts = prompts.stream().mapToInt(List::size).toArray();
        long[] tokens = new long[counts.length * width];
        long[] ends = new long[counts.length];
        for (int b = 0; b < counts.length; b++) {
            for (int t = 0; t < counts[b]; t++) {
                tokens[b * width + t] = prompts.get(b).get(t);
            }
            ends[b] = (long) b * width + counts[b] - 1;
        }
        cache.beginStep(counts, width);
        NDArray hidden = model.hidden(manager.create(tokens, new Shape(counts.length, width)), cache);
        cache.finishStep(counts);
        NDArray flat =
                hidden.reshape((long) counts.length * width, hidden.getShape().get(2));
        return logits(Aten.indexSelect(flat, 0, manager.create(ends)));
    }

    /// The logits after each open sequence's last token, `[B, V]` float32.
    private NDArray decode(KvCache cache, List<Draft> open) {
        int[] ones = new int[open.size()];
        Arrays.fill(ones, 1);
        long[] tokens =
                open.stream().mapToLong(draft -> draft.ids[draft.length - 1]).toArray();
        cache.beginStep(ones, 1);
        NDArray hidden = model.hidden(manager.create(tokens, new Shape(tokens.length, 1)), cache);
        cache.finishStep(ones);
        return logits(hidden.reshape(tokens.length, hidden.getShape().get(2)));
    }

    private NDArray logits(NDArray hidden) {
        return Aten.to(model.head().apply(hidden), Dtype.FLOAT32);
    }

    private NDArray index(int[] rows) {
        return manager.create(Arrays.stream(rows).asLongStream().toArray());
    }

    private static void append(List<Draft> open, Sampler sampler, NDArray logits, SamplingOptions options) {
        long[] seeds = open.stream().mapToLong(draft -> draft.seed).toArray();
        Sampler.Choice choice = sampler.choose(logits, seeds, open.getFirst().length);
        for (int b = 0; b < open.size(); b++) {
            Draft draft = open.get(b);
            int token = Math.toIntExact(choice.tokens()[b]);
            draft.ids[draft.length] = token;
            draft.logProbs[draft.length] = choice.logProbs()[b];
            draft.length++;
            draft.stopped = Arrays.stream(options.stopTokens()).anyMatch(stop -> stop == token);
        }
    }

    /// Takes the ended sequences out of the batch and its cache; says whether any is left.
    private static boolean dropEnded(List<Draft> open, KvCache cache) {
        int[] kept = IntStream.range(0, open.size())
                .filter(b -> !open.get(b).stopped && open.get(b).length < open.get(b).ids.length)
                .toArray();
        if (kept.length < open.size()) {
            List<Draft> left = Arrays.stream(kept).mapToObj(open::get).toList();
            open.clear();
            open.addAll(left);
            if (!left.isEmpty()) {
                cache.select(kept);
            }
        }
        return !open.isEmpty();
    }
}
