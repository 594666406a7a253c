package dev.razor.core.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.model.AttentionContext;
import dev.razor.core.model.CausalLm;
import dev.razor.core.random.Draws;
import dev.razor.core.tensor.GradMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Decoding as it is defined: one sequence at a time, a forward pass over all of it for each token, no cache, and
/// the choice by a loop in double precision.
record ReferenceDecoder(CausalLm model, NDManager manager) {

    List<Completion> complete(List<Prompt> prompts, SamplingOptions options) {
        return prompts.stream().map(prompt -> complete(prompt, options)).toList();
    }

    private Completion complete(Prompt prompt, SamplingOptions options) {
        int[] all = prompt.ids().clone();
        List<Float> logProbs = new ArrayList<>();
        boolean stopped = false;
        while (!stopped && logProbs.size() < options.maxNewTokens() && all.length < model.contextLength()) {
            double[] logP = logProbs(all, options.temperature() == 0 ? 1 : options.temperature());
            int token = choose(logP, options, Draws.uniform(prompt.seed(), logProbs.size()));
            logProbs.add((float) logP[token]);
            all = Arrays.copyOf(all, all.length + 1);
            all[all.length - 1] = token;
            stopped = Arrays.stream(options.stopTokens()).anyMatch(stop -> stop == token);
        }
        float[] values = new float[logProbs.size()];
        for (int t = 0; t < values.length; t++) {
            values[t] = logProbs.get(t);
        }
        return new Completion(Arrays.copyOfRange(all, prompt.ids().length, all.length), values, stopped);
    }

    private double[] logProbs(int[] ids, double temperature) {
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            long[] tokens = Arrays.stream(ids).asLongStream().toArray();
            NDArray hidden =
                    model.hidden(manager.create(tokens, new Shape(1, ids.length)), new AttentionContext.Causal());
            float[] logits =
                    model.head().apply(hidden.get(0).get(ids.length - 1)).toFloatArray();
            double largest = IntStream.range(0, logits.length)
                    .mapToDouble(v -> logits[v])
                    .max()
                    .orElseThrow();
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp((logit - largest) / temperature);
            }
            double logSum = Math.log(sum);
            return IntStream.range(0, logits.length)
                    .mapToDouble(v -> (logits[v] - largest) / temperature - logSum)
                    .toArray();
        }
    }

    private static int choose(double[] logP, SamplingOptions options, double u) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, logP.length).boxed().toList());
        boolean cut = options.topK() > 0 || options.topP() < 1;
        if (cut || options.temperature() == 0) {
            order.sort(Comparator.comparingDouble((Integer v) -> -logP[v]));
        }
        if (options.temperature() == 0) {
            return order.getFirst();
        }
        if (options.topK() > 0) {
            order = order.subList(0, Math.min(order.size(), options.topK()));
        }
        double total = order.stream().mapToDouble(v -> Math.exp(logP[v])).sum();
        double before = 0;
        int kept = 0;
        while (kept < order.size() && before / total < options.topP()) {
            before += Math.exp(logP[order.get(kept++)]);
        }
        double below = 0;
        for (int v : order.subList(0, kept)) {
            below += Math.exp(logP[v]);
            if (below > u * before) {
                return v;
            }
        }
        throw new AssertionError("u is below 1");
    }
}
