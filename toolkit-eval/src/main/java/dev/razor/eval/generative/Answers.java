package dev.razor.eval.generative;

import java.util.List;

/// A model as these benchmarks see it: something that goes on with texts, greedily.
public interface Answers {

    /// One answer a prompt, in their order. How they are batched must not show in them.
    List<Answer> complete(List<String> prompts, GenerationLimits limits);
}
