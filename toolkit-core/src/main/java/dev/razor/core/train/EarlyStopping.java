package dev.razor.core.train;

import org.jspecify.annotations.Nullable;

/// What a run knows of its validation losses, one look after the other: the best one, and how many looks there
/// have been since. As transformers' `EarlyStoppingCallback` with `early_stopping_threshold` 0: a look counts as
/// better only where its loss is below the best one, and a loss that is not a number never is.
///
/// Two plain numbers, so that a checkpoint can hold them and a resumed run goes on counting.
///
/// @param bestLoss the lowest loss so far; null before the first one
/// @param looksSince looks after the best one
public record EarlyStopping(@Nullable Double bestLoss, int looksSince) {

    /// Nothing seen yet.
    public static final EarlyStopping START = new EarlyStopping(null, 0);

    /// What is known after a look that found `loss`.
    public EarlyStopping next(double loss) {
        boolean better = !Double.isNaN(loss) && (bestLoss == null || loss < bestLoss);
        return better ? new EarlyStopping(loss, 0) : new EarlyStopping(bestLoss, looksSince + 1);
    }

    /// Whether the last look found the best loss so far.
    public boolean isBest() {
        return bestLoss != null && looksSince == 0;
    }

    /// Whether `patience` looks have passed without a better loss; never for a patience of null.
    public boolean stops(@Nullable Integer patience) {
        return patience != null && looksSince >= patience;
    }
}
