package dev.razor.core.bench;

import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// How fast a rollout is sampled: some completions of each of some prompts of unequal length, at temperature 1,
/// the prompts' own pass included; against the same model writing one completion of each prompt, one after the
/// other.
///
/// @param sequences completions of the rollout
/// @param slots of them decoded together
/// @param tokensPerSecond of the rollout
/// @param tokensPerSecondAlone of one sequence at a time
/// @param ratio of the two, taken one after the other
public record RolloutSpeed(
        int sequences, int slots, Spread tokensPerSecond, Spread tokensPerSecondAlone, Spread ratio) {

    /// Measures both by turns, after a short round that is not counted.
    static RolloutSpeed measure(RandomModel model, int vocabulary, BenchConfig config, Progress progress) {
        List<Prompt> all = new ArrayList<>();
        List<Prompt> alone = new ArrayList<>();
        for (int p = 0; p < config.rolloutPrompts(); p++) {
            RandomGenerator random = Draws.generator(config.seed(), p);
            int[] ids = random.ints(length(config, p), 0, vocabulary).toArray();
            for (int i = 0; i < config.rolloutCompletions(); i++) {
                all.add(new Prompt(ids, Draws.mix(config.seed(), p, i)));
            }
            alone.add(all.getLast());
        }
        int slots = Math.min(config.rolloutSlots(), all.size());
        var together = new Generator(model.model(), model.manager(), slots);
        var single = new Generator(model.model(), model.manager(), 1);
        int tokens = config.rolloutNewTokens();
        rate(together, all, Math.min(4, tokens));
        rate(single, alone, Math.min(4, tokens));
        int repeats = config.rolloutRepeats();
        double[] rates = new double[repeats];
        double[] aloneRates = new double[repeats];
        double[] ratios = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            rates[i] = rate(together, all, tokens);
            aloneRates[i] = rate(single, alone, tokens);
            ratios[i] = rates[i] / aloneRates[i];
            progress.update("rollout", i + 1, repeats, "");
        }
        return new RolloutSpeed(all.size(), slots, Spread.of(rates), Spread.of(aloneRates), Spread.of(ratios));
    }

    /// Tokens of prompt `p`: evenly from half of `decode_prompt_length` to one and a half of it.
    private static int length(BenchConfig config, int p) {
        int longest = config.longestRolloutPrompt();
        int shortest = Math.ceilDiv(config.decodePromptLength(), 2);
        int steps = config.rolloutPrompts() - 1;
        return steps == 0 ? longest : shortest + (longest - shortest) * p / steps;
    }

    /// Tokens a second.
    private static double rate(Generator generator, List<Prompt> prompts, int newTokens) {
        long start = System.nanoTime();
        List<Completion> completions = generator.complete(prompts, SamplingOptions.untruncated(newTokens));
        double seconds = (System.nanoTime() - start) * 1e-9;
        long tokens = completions.stream()
                .mapToLong(completion -> completion.ids().length)
                .sum();
        return tokens / seconds;
    }
}
