package dev.razor.core.kl;

import ai.djl.ndarray.NDManager;
import dev.razor.core.model.CausalLm;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import java.util.List;

/// What a base model wrote after given prompts. Drawn once, it serves the comparison with any number of models.
///
/// @param plan how it was drawn, and how the other model's samples will be
/// @param sequences in the order of the prompts, a prompt's samples one after the other
public record BaseSamples(SamplingPlan plan, List<KlSequence> sequences) {

    private static final long STREAM = 0;

    public BaseSamples {
        sequences = List.copyOf(sequences);
    }

    /// Draws the samples.
    public static BaseSamples draw(PretrainedModel base, SamplingPlan plan, Progress progress) {
        return draw(base.model(), base.manager(), plan, progress);
    }

    /// Draws the samples from a base that is no directory, such as a model whose adapter is switched off.
    public static BaseSamples draw(CausalLm base, NDManager manager, SamplingPlan plan, Progress progress) {
        return new BaseSamples(plan, plan.draw(base, manager, STREAM, "samples from base", progress));
    }
}
