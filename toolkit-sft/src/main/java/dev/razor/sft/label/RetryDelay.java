package dev.razor.sft.label;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/// How long to wait before a request is tried again:
///
/// ```
/// wait = max(asked, first * 2^attempt * u)      u uniform in [0.5, 1), so that many do not come back together
/// ```
///
/// each of the two at most so long. What is asked for stands in the header `Retry-After`.
///
/// @param first the wait after the first attempt
/// @param longest that is waited on our own account
/// @param longestAsked that is waited because the server asks for it
record RetryDelay(Duration first, Duration longest, Duration longestAsked) {

    /// From a second to a minute; two minutes if asked.
    static final RetryDelay STANDARD =
            new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(120));

    private static final int MOST_DOUBLINGS = 20;

    /// Waits after a failed attempt.
    ///
    /// @param attempt from 0
    /// @param asked what the server asks for; zero for nothing
    void await(int attempt, Duration asked) throws InterruptedException {
        Thread.sleep(length(attempt, asked, ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }

    Duration length(int attempt, Duration asked, double u) {
        Duration doubled = first.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS));
        Duration own = doubled.compareTo(longest) > 0 ? longest : doubled;
        Duration jittered = Duration.ofNanos((long) (own.toNanos() * u));
        Duration bounded = asked.compareTo(longestAsked) > 0 ? longestAsked : asked;
        return bounded.compareTo(jittered) > 0 ? bounded : jittered;
    }

    /// What a `Retry-After` header asks for, in seconds or as a date; zero where it says nothing.
    static Duration asked(String header) {
        String text = header.strip();
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Duration.ofMillis(Math.round(1000 * Double.parseDouble(text)));
        }
        try {
            Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException _) {
            return Duration.ZERO;
        }
    }
}
