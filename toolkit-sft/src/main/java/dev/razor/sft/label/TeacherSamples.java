package dev.razor.sft.label;

import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.random.Draws;
import java.util.List;

/// Draws samples from a local teacher. Every sample is named by seed, epoch, prompt and its number, so that
/// neither the batch size nor what else is drawn decides what it is.
///
/// @param maxCompletionLength tokens a sample may have, its end token included
/// @param temperature what the logits are divided by
/// @param topP the smallest set of most probable tokens that reaches this mass is sampled from; 1 keeps all
/// @param batchSize samples drawn together
public record TeacherSamples(
        PretrainedModel teacher, int maxCompletionLength, double temperature, double topP, long seed, int batchSize) {

    /// Names the draws of labels among all others.
    private static final long LABELS = 0x4c41_4245_4c53L;

    /// One sample that is asked for.
    ///
    /// @param prompt the prompt's place in the data, from 0
    /// @param sample its number among the prompt's samples, from 0
    public record Wanted(int[] promptIds, int epoch, int prompt, int sample) {}

    /// The samples, in the order of `wanted`.
    public List<Completion> draw(List<Wanted> wanted) {
        List<Prompt> prompts = wanted.stream()
                .map(one -> new Prompt(one.promptIds(), name(seed, one.epoch(), one.prompt(), one.sample())))
                .toList();
        var options = new SamplingOptions(
                maxCompletionLength, temperature, topP, 0, teacher.tokenizer().stopTokenIds());
        return new Generator(teacher.model(), teacher.manager(), batchSize).complete(prompts, options);
    }

    /// The random numbers of a sample.
    static long name(long seed, int epoch, int prompt, int sample) {
        return Draws.mix(seed, LABELS, epoch, prompt, sample);
    }
}
