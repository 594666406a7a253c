package dev.razor.core.generate;

/// What a model wrote.
///
/// @param ids the tokens after the prompt, the stop token included
/// @param logProbs the log-probability of each under the distribution it was drawn from before `top_p` and
///     `top_k` cut it (at temperature zero: of the model's own distribution), in nats
/// @param stopped whether a stop token or a stop check ended it; otherwise it ran into the length limit
public record Completion(int[] ids, float[] logProbs, boolean stopped) {}
