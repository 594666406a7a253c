package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
import java.util.List;

/// Completes prompts by continuous batching: a number of slots is decoded together, and a completion that ends
/// gives its slot to one that waits.
///
/// Every sequence has a length of its own, so nothing is padded while decoding; a prompt is computed once for all
/// its completions. What is written does not depend on the slot, on the order or on what else is written.
///
/// Memory: keys and values of `slots` sequences of the most tokens that any of them may have, and of one group of
/// prompts on their way in ([Waiting]), whatever the number of prompts.
public final class Generator {

    private final CausalLm model;
    private final NDManager manager;
    private final int slots;

    /// @param slots sequences decoded together
    public Generator(CausalLm model, NDManager manager, int slots) {
        Check.that(slots > 0, "batch_size must be positive, got %d", slots);
        this.model = model;
        this.manager = manager;
        this.slots = slots;
    }

    /// The most tokens of prompts, padding included, that are computed together and kept until all their
    /// completions have a slot.
    ///
    /// @param longest tokens of the longest prompt
    public static long promptTokens(int slots, int longest) {
        return Math.min((long) slots * longest, Math.max(longest, Waiting.PREFILL_TOKENS));
    }

    /// Completes each prompt; the results stand in the prompts' order.
    public List<Completion> complete(List<Prompt> prompts, SamplingOptions options) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        List<Draft> drafts = prompts.stream()
                .map(prompt -> new Draft(prompt, options.maxNewTokens(), model.contextLength()))
                .toList();
        int capacity = drafts.stream().mapToInt(Draft::limit).max().orElseThrow();
        try (GradMode _ = GradMode.off();
                NDScope _ = new NDScope();
                KvCache cache = model.newCache(manager, Math.min(slots, drafts.size()), capacity);
                Waiting waiting = new Waiting(model, manager, cache, drafts)) {
            decode(cache, waiting, options);
        }
        return drafts.stream().map(Draft::finish).toList();
    }

    private void decode(KvCache cache, Waiting waiting, SamplingOptions options) {
        var sampler = new Sampler(options);
        List<Draft> live = new ArrayList<>(); // in the order of their slots
        do {
            try (NDScope _ = new NDScope()) {
                NDList hidden = new NDList(); // those of the live, then those of the ones that enter
                if (!live.isEmpty()) {
                    hidden.add(step(cache, live));
                }
                live.addAll(waiting.enter(hidden));
                NDArray rows = hidden.size() == 1 ? hidden.getFirst() : NDArrays.concat(hidden); // [B, D]
                NDArray logits = Aten.to(model.head().apply(rows), Dtype.FLOAT32); // [B, V]
                append(live, sampler.choose(logits, live), options);
            }
            leave(live, cache);
        } while (!live.isEmpty() || !waiting.isEmpty());
    }

    /// The hidden states of each live sequence's last token, `[B, D]`.
    private NDArray step(KvCache cache, List<Draft> live) {
        long[] tokens = live.stream().mapToLong(Draft::lastId).toArray();
        cache.beginStep();
        NDArray hidden = model.hidden(manager.create(tokens, new Shape(tokens.length, 1)), cache);
        cache.finishStep();
        return hidden.reshape(tokens.length, -1);
    }

    private static void append(List<Draft> live, Sampler.Choice choice, SamplingOptions options) {
        for (int b = 0; b < live.size(); b++) {
            int token = Math.toIntExact(choice.tokens()[b]);
            live.get(b).append(token, choice.logProbs()[b], options.stopTokens());
        }
    }

    /// Ends what has ended; the last one takes the slot that falls free, here as in the cache.
    private static void leave(List<Draft> live, KvCache cache) {
        for (int slot = live.size() - 1; slot >= 0; slot--) {
            if (live.get(slot).ended()) {
                cache.release(slot);
                Draft last = live.removeLast();
                if (slot < live.size()) {
                    live.set(slot, last);
                }
            }
        }
    }
}
