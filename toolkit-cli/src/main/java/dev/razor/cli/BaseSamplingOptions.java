package dev.razor.cli;

import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.PretrainedModel;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// How completions are drawn from BASE.
final class BaseSamplingOptions {

    private static final String SAMPLES = "--samples";
    private static final String MAX_NEW_TOKENS = "--max-new-tokens";

    @Option(
            names = SAMPLES,
            defaultValue = "1",
            paramLabel = "N",
            description = "Completions of BASE a prompt (default: ${DEFAULT-VALUE}).")
    private int samples = 1;

    @Option(
            names = MAX_NEW_TOKENS,
            defaultValue = "256",
            paramLabel = "N",
            description = "Tokens a completion may have (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens = 256;

    /// @param used whether completions are drawn
    /// @param condition when they are not
    void check(CommandLine command, boolean used, String condition) {
        UnusedOptions.refuse(command, used, condition, SAMPLES, MAX_NEW_TOKENS);
        Limits.positive(SAMPLES, samples);
        Limits.positive(MAX_NEW_TOKENS, maxNewTokens);
    }

    int samples() {
        return samples;
    }

    int maxNewTokens() {
        return maxNewTokens;
    }

    /// What to draw for `prompts`.
    SamplingPlan plan(List<int[]> prompts, PretrainedModel base, ModelOptions options) {
        return new SamplingPlan(
                prompts, samples, maxNewTokens, base.tokenizer().stopTokenIds(), options.seed(), options.batchSize());
    }
}
