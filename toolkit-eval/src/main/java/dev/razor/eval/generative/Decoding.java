package dev.razor.eval.generative;

import dev.razor.core.base.Check;

/// How the tokens of answers are chosen, and how many answers each question gets.
///
/// @param temperature what logits are divided by; zero takes the most probable token
/// @param topP the smallest set of most probable tokens that reaches this mass is sampled from; 1 keeps all
/// @param repeats answers to each question
public record Decoding(double temperature, double topP, int repeats) {

    /// One answer of the most probable tokens.
    public static final Decoding GREEDY = new Decoding(0, 1, 1);

    public Decoding {
        Check.that(repeats > 0, "repeats must be positive, got %d", repeats);
        Check.that(temperature > 0 || repeats == 1, "%d greedy answers would all be the same", repeats);
    }
}
