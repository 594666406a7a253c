package dev.razor.core.bench;

import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// How fast sequences are sampled at temperature 1, the prompts' own pass included.
///
/// @param batch sequences decoded together
/// @param tokensPerSecond of all sequences together
public record DecodingSpeed(int batch, double tokensPerSecond) {

    /// Measures one batch, after a short one that is not counted.
    static DecodingSpeed measure(RandomModel model, int vocabulary, int batch, BenchConfig config) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(config.seed());
        List<Prompt> prompts = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            prompts.add(new Prompt(
                    random.ints(config.decodePromptLength(), 0, vocabulary).toArray(), config.seed() + b));
        }
        Generator generator = new Generator(model.model(), model.manager(), batch);
        generator.complete(prompts, SamplingOptions.untruncated(Math.min(4, config.decodeNewTokens())));
        long start = System.nanoTime();
        List<Completion> completions =
                generator.complete(prompts, SamplingOptions.untruncated(config.decodeNewTokens()));
        double seconds = (System.nanoTime() - start) * 1e-9;
        long tokens = completions.stream()
                .mapToLong(completion -> completion.ids().length)
                .sum();
        return new DecodingSpeed(batch, tokens / seconds);
    }
}
