package dev.razor.eval;

import dev.razor.core.base.Check;
import java.util.Arrays;

/// A context and the continuation to score after it, as token ids. Both hold at least one token. The arrays are
/// shared, not copied: nobody writes to them.
///
/// @param contextIds what the model reads first
/// @param continuationIds the tokens whose log-probabilities are summed
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedRequest(int[] contextIds, int[] continuationIds) {

    public TokenizedRequest {
        Check.that(contextIds.length > 0, "a request needs at least one context token");
        Check.that(continuationIds.length > 0, "a request needs at least one continuation token");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenizedRequest that
                && Arrays.equals(contextIds, that.contextIds)
                && Arrays.equals(continuationIds, that.continuationIds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(contextIds) + Arrays.hashCode(continuationIds);
    }

    @Override
    public String toString() {
        return Arrays.toString(contextIds) + " -> " + Arrays.toString(continuationIds);
    }
}
