package dev.razor.eval.generative;

import java.util.List;

/// A model as these benchmarks see it: something that goes on with texts.
public interface Answers {

    /// One answer a request, in their order. How they are batched must not show in them.
    List<Answer> complete(List<Request> requests, GenerationLimits limits, Decoding decoding);
}
