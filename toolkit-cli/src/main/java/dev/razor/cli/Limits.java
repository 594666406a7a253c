package dev.razor.cli;

import dev.razor.core.base.ConfigException;

/// Checks of numbers that stand on the command line.
final class Limits {

    private Limits() {}

    static int positive(String option, int value) {
        if (value < 1) {
            throw new ConfigException("%s: must be at least 1, got %d".formatted(option, value));
        }
        return value;
    }

    static int notNegative(String option, int value) {
        if (value < 0) {
            throw new ConfigException("%s: must be at least 0, got %d".formatted(option, value));
        }
        return value;
    }
}
