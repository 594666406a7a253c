package dev.razor.core.reward;

import org.jspecify.annotations.Nullable;

/// What one reward makes of one completion.
///
/// @param value the worth, NaN where the reward failed
/// @param failure why it failed, or null
record Verdict(double value, @Nullable String failure) {

    static Verdict of(double value) {
        return Double.isFinite(value) ? new Verdict(value, null) : failed("gave " + value);
    }

    static Verdict failed(String failure) {
        return new Verdict(Double.NaN, failure);
    }
}
