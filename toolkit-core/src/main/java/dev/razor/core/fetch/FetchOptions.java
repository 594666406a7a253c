package dev.razor.core.fetch;

import dev.razor.core.base.Check;
import java.time.Duration;

/// How files are fetched.
///
/// @param jobs files at the same time
/// @param locked whether an entry with a file without a digest is refused
/// @param stall how long to wait for the next byte
/// @param attempts how many attempts in a row may bring nothing new
/// @param firstWait the wait after the first of them; it doubles with each further one, up to half a minute
public record FetchOptions(int jobs, boolean locked, Duration stall, int attempts, Duration firstWait) {

    public FetchOptions {
        Check.that(jobs > 0, "jobs must be positive, got %d", jobs);
        Check.that(stall.isPositive(), "stall must be positive, got %s", stall);
        Check.that(attempts > 0, "attempts must be positive, got %d", attempts);
    }

    /// The usual patience: eight attempts in a row, the first after half a second.
    public static FetchOptions of(int jobs, boolean locked, Duration stall) {
        return new FetchOptions(jobs, locked, stall, 8, Duration.ofMillis(500));
    }
}
