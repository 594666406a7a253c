package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import java.util.List;

/// Where an answer ends, beside the model's own end tokens.
///
/// @param until texts of which each cuts the answer at its first occurrence, one after the other
/// @param maxNewTokens tokens an answer may have
public record GenerationLimits(List<String> until, int maxNewTokens) {

    /// What lm-evaluation-harness takes where a task does not say.
    public static final int DEFAULT_MAX_NEW_TOKENS = 256;

    public GenerationLimits {
        until = List.copyOf(until);
        Check.that(until.stream().noneMatch(String::isEmpty), "a stop string must not be empty");
        Check.that(maxNewTokens > 0, "max_gen_toks must be positive, got %d", maxNewTokens);
    }

    /// The answer in a text that may run on:
    ///
    /// ```
    /// for stop in until: text = text.split(stop)[0]
    /// ```
    public String cut(String text) {
        String answer = text;
        for (String stop : until) {
            int at = answer.indexOf(stop);
            answer = at < 0 ? answer : answer.substring(0, at);
        }
        return answer;
    }
}
