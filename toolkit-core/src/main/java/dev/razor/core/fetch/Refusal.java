package dev.razor.core.fetch;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What an answer that brings no bytes means: whether another attempt may help, and what to do.
final class Refusal {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final BigInteger MANY_SECONDS = BigInteger.valueOf(Long.MAX_VALUE);

    private Refusal() {}

    /// The failure for good that it is.
    ///
    /// @throws TransientFailure if it is none for good
    static PermanentFailure of(Answer answer) throws TransientFailure {
        return switch (answer.status()) {
            case 408, 425, 429, 500, 502, 503, 504 -> busy(answer);
            case 401, 403 ->
                new PermanentFailure(
                        "answers %d; accept the licence on its page if it asks for that, and set HF_TOKEN (sent over https only)"
                                .formatted(answer.status()));
            case 404, 410 ->
                new PermanentFailure(
                        "answers %d; models.lock names a place that is not there".formatted(answer.status()));
            case 407 ->
                new PermanentFailure(
                        "answers 407: the proxy asks for a name and a password, which Razor has none of; name another in RAZOR_JAVA_OPTS");
            default ->
                new PermanentFailure(
                        "answers %d, which is no file; look at the address in models.lock, HF_ENDPOINT and the proxy"
                                .formatted(answer.status()));
        };
    }

    private static PermanentFailure busy(Answer answer) throws TransientFailure {
        Duration asked = answer.header("Retry-After").map(Refusal::retryAfter).orElse(null);
        if (asked != null && asked.compareTo(LONGEST_WAIT) > 0) {
            return new PermanentFailure(
                    "answers %d and asks to wait %d s; try again then".formatted(answer.status(), asked.toSeconds()));
        }
        throw new TransientFailure("answers %d".formatted(answer.status()), asked);
    }

    /// Seconds, or a date.
    private static @Nullable Duration retryAfter(String value) {
        if (value.matches("\\d{1,100}")) {
            return Duration.ofSeconds(new BigInteger(value).min(MANY_SECONDS).longValueExact());
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration left = Duration.between(ZonedDateTime.now(date.getZone()), date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException _) {
            return null;
        }
    }
}
