package dev.razor.core.kl;

import ai.djl.ndarray.NDManager;
import dev.razor.core.base.Check;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.model.CausalLm;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Progress;
import java.util.ArrayList;
import java.util.List;

/// How completions are drawn to compare two models on: at temperature 1 from the model's whole distribution,
/// because any cut (`top_p`, `top_k`, a penalty, another temperature) would bias the estimate. A
/// generation_config.json is not asked.
///
/// @param prompts tokens of each prompt
/// @param samples completions a prompt
/// @param maxNewTokens where a completion is cut off; the divergence is then that of its first tokens only
/// @param stopTokens what ends a completion, counted as one of its tokens; the same for both models, which
///     otherwise would be distributions over different sequences
/// @param seed names the random numbers, together with prompt and sample
/// @param batchSize sequences decoded together
public record SamplingPlan(
        List<int[]> prompts, int samples, int maxNewTokens, int[] stopTokens, long seed, int batchSize) {

    /// Batches between two tellings of progress.
    private static final int CHUNK_BATCHES = 4;

    public SamplingPlan {
        prompts = List.copyOf(prompts);
        stopTokens = stopTokens.clone();
        Check.that(!prompts.isEmpty(), "there must be at least one prompt");
        Check.that(samples > 0, "samples must be positive, got %d", samples);
        Check.that(maxNewTokens > 0, "max_new_tokens must be positive, got %d", maxNewTokens);
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
    }

    /// Draws from `model`, whose arrays `manager` makes.
    ///
    /// @param stream keeps the draws of several models under one seed independent of each other
    /// @param what the work in a word or two, for the progress
    public List<KlSequence> draw(CausalLm model, NDManager manager, long stream, String what, Progress progress) {
        var generator = new Generator(model, manager, batchSize);
        var options = SamplingOptions.untruncated(maxNewTokens, stopTokens);
        int total = Math.multiplyExact(prompts.size(), samples);
        int chunk = batchSize * CHUNK_BATCHES;
        List<KlSequence> drawn = new ArrayList<>();
        for (int start = 0; start < total; start += chunk) {
            List<Prompt> wanted = new ArrayList<>();
            for (int i = start; i < Math.min(total, start + chunk); i++) {
                int prompt = i / samples;
                wanted.add(new Prompt(prompts.get(prompt), Draws.mix(seed, stream, prompt, i % samples)));
            }
            for (Completion completion : generator.complete(wanted, options)) {
                int prompt = drawn.size() / samples;
                drawn.add(new KlSequence(prompt, prompts.get(prompt), completion.ids(), !completion.stopped()));
            }
            progress.update(what, drawn.size(), total, "");
        }
        return List.copyOf(drawn);
    }
}
