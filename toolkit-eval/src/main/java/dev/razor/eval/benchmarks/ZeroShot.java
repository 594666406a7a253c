package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;

/// The check of benchmarks that are asked without examples.
final class ZeroShot {

    private ZeroShot() {}

    /// Refuses any number of examples but zero.
    ///
    /// @param reason why this benchmark takes none
    static void require(String benchmark, int numFewshot, String reason) {
        if (numFewshot != 0) {
            throw new ConfigException("num_fewshot: %s %s, got %d; leave it out or ask this benchmark apart"
                    .formatted(benchmark, reason, numFewshot));
        }
    }
}
