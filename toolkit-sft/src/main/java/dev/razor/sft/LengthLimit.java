package dev.razor.sft;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.TokenSequence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many tokens a sequence may have, and what happens to a longer one.
///
/// @param maxLength at least 2
public record LengthLimit(int maxLength, SftConfig.LengthPolicy policy) {

    private static final Logger LOG = LoggerFactory.getLogger(LengthLimit.class);

    /// The default of `max_length`, which a model of a shorter context need not fit.
    private static final int DEFAULT = 1024;

    /// The limit of a run.
    ///
    /// @param contextLength tokens the model can see
    /// @throws ConfigException if `max_length` is more than that and was set to it
    public static LengthLimit of(SftConfig config, int contextLength) {
        return of(config.maxLength(), config.maxLengthPolicy(), contextLength);
    }

    /// The same of the keys alone.
    public static LengthLimit of(int maxLength, SftConfig.LengthPolicy policy, int contextLength) {
        if (maxLength <= contextLength) {
            return new LengthLimit(maxLength, policy);
        }
        if (maxLength != DEFAULT) {
            throw new ConfigException("max_length: %d is more than the model's context of %d tokens; lower it"
                    .formatted(maxLength, contextLength));
        }
        LOG.warn(
                "max_length: the default of {} is more than the model's context; a sequence may have its {} tokens",
                DEFAULT,
                contextLength);
        return new LengthLimit(contextLength, policy);
    }

    /// Whether a sequence is longer than it may be.
    public boolean isExceededBy(TokenSequence sequence) {
        return sequence.length() > maxLength;
    }

    /// What is trained of a longer sequence: its beginning, or null where it is left out, because the policy says
    /// so or because nothing that is trained remains.
    public @Nullable TokenSequence shortened(TokenSequence sequence) {
        if (policy != SftConfig.LengthPolicy.TRUNCATE) {
            return null;
        }
        var cut = new TokenSequence(
                Arrays.copyOf(sequence.ids(), maxLength), Arrays.copyOf(sequence.marked(), maxLength));
        return cut.predictions() > 0 ? cut : null;
    }
}
