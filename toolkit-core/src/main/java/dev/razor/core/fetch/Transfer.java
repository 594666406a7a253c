package dev.razor.core.fetch;

import dev.razor.core.lock.LockedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One attempt after the other to bring a file's bytes into its [PartFile]: asks for the whole or for the rest,
/// and believes an answer only as far as it fits.
///
/// The rest is asked for where it can be known to belong to what is there: by the entity tag (`If-Range`), or
/// by the digest of the whole, which is checked at the end. Without a digest in the lock, what the first answer
/// of an address told holds all later ones: the tag, and the total.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-range-requests">RFC 9110, section 14</a>
final class Transfer {

    static final String WEB_PAGE =
            "answers with a web page, not with the file; look at the address in models.lock, HF_ENDPOINT and the proxy";

    private final LockedFile file;
    private final Requests requests;
    private final PartFile part;
    private final Duration stall;
    private final Map<URI, PartFile.Source> told = new HashMap<>();
    private boolean rangesLie;
    private @Nullable String linkedSha256;

    Transfer(LockedFile file, Requests requests, PartFile part, Duration stall) {
        this.file = file;
        this.requests = requests;
        this.part = part;
        this.stall = stall;
    }

    /// The digest that the hub gave for the file, or null.
    @Nullable
    String linkedSha256() {
        return linkedSha256;
    }

    /// Returns when the part holds as many bytes as the file has.
    void run(URI address) throws TransientFailure, PermanentFailure, Mismatch, InterruptedException {
        Long expected = file.bytes();
        if (expected != null && part.length() > expected) {
            part.restart();
        }
        if (expected != null && part.length() == expected && file.sha256() != null) {
            return;
        }
        PartFile.Source source = part.source();
        if (source != null) {
            told.putIfAbsent(source.address(), source);
        }
        if (!mayGoOn(address)) {
            part.restart();
        }
        try (Answer answer = requests.send("GET", address, headers(address))) {
            if (answer.linkedSha256() != null || answer.status() == 200) {
                linkedSha256 = answer.linkedSha256();
            }
            switch (answer.status()) {
                case 200 -> whole(answer, address);
                case 206 -> rest(answer, address);
                case 416 -> nothingLeft(answer, address);
                default -> throw Refusal.of(answer);
            }
        }
    }

    private boolean mayGoOn(URI address) {
        return part.length() > 0 && !rangesLie && (file.sha256() != null || tag(address) != null);
    }

    /// The tag of the bytes that are here, where they are from this address.
    private @Nullable String tag(URI address) {
        PartFile.Source source = part.source();
        return source != null && source.address().equals(address) ? source.tag() : null;
    }

    private Map<String, String> headers(URI address) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (part.length() > 0) {
            headers.put("Range", "bytes=%d-".formatted(part.length()));
            String tag = tag(address);
            if (tag != null) {
                headers.put("If-Range", tag);
            }
        }
        return headers;
    }

    private void whole(Answer answer, URI address) throws TransientFailure, Mismatch, InterruptedException {
        if (part.length() > 0) {
            part.restart();
        }
        long total = asToldBefore(answer, address);
        requireSize(total);
        boolean chunked = answer.header("Transfer-Encoding").isPresent();
        if (total < 0 && file.bytes() == null && !chunked) {
            throw new Mismatch("tells no length, and models.lock has none");
        }
        if (file.sha256() == null
                && answer.header("Content-Type")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .contains("text/html")) {
            throw new Mismatch(WEB_PAGE);
        }
        receive(answer, address, total);
    }

    /// The size of the whole by an answer that holds it; -1 where nothing says it. Only another tag stands for
    /// another file: under the same, or without one, it cannot have become shorter.
    private long asToldBefore(Answer answer, URI address) throws Mismatch {
        long total = answer.contentLength().orElse(-1);
        PartFile.Source before = told.get(address);
        if (file.sha256() != null
                || before == null
                || before.total() < 0
                || (answer.strongTag() != null && !answer.strongTag().equals(before.tag()))) {
            return total;
        }
        requireTotal(total, before.total());
        return before.total();
    }

    private static void requireTotal(long total, long before) throws Mismatch {
        if (total >= 0 && total != before) {
            throw new Mismatch(
                    "says that the file has %,d bytes, and said %,d before; try again later".formatted(total, before));
        }
    }

    private void rest(Answer answer, URI address) throws TransientFailure, Mismatch, InterruptedException {
        Answer.Part range = answer.part().orElse(null);
        long length = answer.contentLength().orElse(-1);
        if (part.length() == 0
                || range == null
                || range.first() != part.length()
                || range.last() < range.first()
                || (range.total() >= 0 && range.last() >= range.total())
                || (length >= 0 && length != range.last() - range.first() + 1)) {
            rangesLie = true;
            throw new TransientFailure("answers with another part than the one asked for");
        }
        String tag = tag(address);
        if (tag != null && answer.strongTag() != null && !tag.equals(answer.strongTag())) {
            throw new Mismatch("has changed the file meanwhile");
        }
        requireSize(range.total());
        long total = range.total();
        if (file.sha256() == null) {
            long before = wholeByFirstAnswer();
            if (before >= 0) {
                requireTotal(total, before);
                total = before;
            }
            if (answer.strongTag() == null || (total < 0 && file.bytes() == null)) {
                rangesLie = true;
                throw new TransientFailure("does not say which file the part that it sends is of, or how long that is");
            }
        }
        receive(answer, address, total);
    }

    private void requireSize(long total) throws Mismatch {
        Long expected = file.bytes();
        if (total >= 0 && expected != null && total != expected) {
            throw new Mismatch("has %,d bytes, expected %,d; the server has another file, or models.lock is wrong"
                    .formatted(total, expected));
        }
    }

    /// How many bytes the answer that what is here began with told for the whole; -1 where it did not.
    private long wholeByFirstAnswer() {
        PartFile.Source source = part.source();
        return source == null ? -1 : source.total();
    }

    /// All is here, if the answer says so and neither the lock nor the first answer contradicts.
    private void nothingLeft(Answer answer, URI address) throws Mismatch {
        long length = part.length();
        Long expected = file.bytes();
        long whole = expected != null ? expected : file.sha256() != null ? length : wholeByFirstAnswer();
        if (length == 0
                || length != whole
                || answer.unsatisfiedTotal().orElse(-1) != length
                || (file.sha256() == null
                        && answer.strongTag() != null
                        && !answer.strongTag().equals(tag(address)))) {
            throw new Mismatch(
                    "answers 416: it has no more bytes than are here already; the server has another file, or models.lock is wrong");
        }
    }

    /// @param total the size of the whole file by the answer; -1 where it does not say
    private void receive(Answer answer, URI address, long total)
            throws TransientFailure, Mismatch, InterruptedException {
        if (!answer.header("Content-Encoding").orElse("identity").equals("identity")) {
            throw new Mismatch(
                    "sends the file encoded, though it was asked not to; look at HF_ENDPOINT and the proxy, or name another address in models.lock");
        }
        if (part.length() == 0) {
            var source = new PartFile.Source(address, answer.strongTag(), total);
            told.put(address, source);
            part.startFrom(source);
        }
        long most = total >= 0 ? total : Objects.requireNonNullElse(file.bytes(), Long.MAX_VALUE);
        try {
            for (List<ByteBuffer> piece = answer.body().next(stall);
                    piece != null;
                    piece = answer.body().next(stall)) {
                for (ByteBuffer bytes : piece) {
                    if (part.length() + bytes.remaining() > most) {
                        throw new Mismatch("sends more than the file's %,d bytes".formatted(most));
                    }
                    part.append(bytes);
                }
            }
        } catch (IOException e) {
            throw new TransientFailure(
                    "the transfer broke off after %,d bytes: %s".formatted(part.length(), Requests.plain(e)));
        }
        if (most != Long.MAX_VALUE && part.length() < most) {
            throw new TransientFailure("the transfer ended after %,d of %,d bytes".formatted(part.length(), most));
        }
    }
}
