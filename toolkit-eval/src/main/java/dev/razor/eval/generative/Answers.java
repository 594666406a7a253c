package dev.razor.eval.generative;

import java.util.List;

/// A model as these benchmarks see it: something that goes on with texts.
public interface Answers {

    /// Refuses a task that the model cannot answer.
    ///
    /// @throws dev.razor.core.base.ConfigException if answers of that length leave no room for a prompt
    default void require(String task, GenerationLimits limits) {}

    /// One answer a request, in their order. How they are batched must not show in them.
    List<Answer> complete(List<Request> requests, GenerationLimits limits, Decoding decoding);
}
