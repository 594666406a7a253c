package dev.razor.core.fetch;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server's answer after all redirects: its head, and its body as far as it is read.
///
/// @param from who answered
/// @param linkedSha256 the digest that the hub gave on the way for a large file, or null
/// @param linkedBytes the size that it gave, or -1
record Answer(
        int status, HttpHeaders headers, URI from, @Nullable String linkedSha256, long linkedBytes, StallingBody body)
        implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d{1,18})");

    /// Which bytes of how many a partial answer says it holds.
    ///
    /// @param total the size of the whole; -1 where it does not say
    record Part(long first, long last, long total) {}

    Optional<Part> part() {
        Matcher matcher = RANGE.matcher(header("Content-Range").orElse(""));
        return matcher.matches()
                ? Optional.of(new Part(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        matcher.group(3).equals("*") ? -1 : Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /// The size of the whole by an answer that nothing of it lies in the asked range.
    OptionalLong unsatisfiedTotal() {
        Matcher matcher = UNSATISFIED.matcher(header("Content-Range").orElse(""));
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    OptionalLong contentLength() {
        return size(headers, "Content-Length");
    }

    /// The number of bytes that a header holds; empty where it holds none.
    static OptionalLong size(HttpHeaders headers, String name) {
        String text = headers.firstValue(name).orElse("").strip();
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /// The entity tag, where it stands for these very bytes.
    @Nullable
    String strongTag() {
        return header("ETag").map(Answer::strong).orElse(null);
    }

    /// `tag` where it is a strong entity tag, else null.
    static @Nullable String strong(String tag) {
        return tag.matches("\"[\\x21\\x23-\\x7e]*\"") ? tag : null;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    @Override
    public void close() {
        body.close();
    }
}
