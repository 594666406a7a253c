package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.LockedFile;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Fetches one file, attempt after attempt, until it has the right bytes or no attempt can bring them.
///
/// - A connection that breaks, stalls or is refused for now: the next attempt asks for the rest, at the next
///   address.
/// - Bytes that turn out to be others than the lock's: all are given up; after three times the address is.
/// - An address that says no (404, 403): it is given up.
///
/// It ends: attempts in a row that bring nothing new are counted, and what is new is measured against the
/// furthest that any attempt has come.
final class FileDownload {

    private static final int MOST_MISMATCHES = 3;

    /// What an attempt must bring at least to count as one that did.
    private static final long WORTH = 64 << 10;

    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final String name;
    private final LockedFile file;
    private final Deque<URI> addresses;
    private final FetchOptions options;
    private final Transfer transfer;
    private final PartFile part;
    private final List<String> given = new ArrayList<>();
    private final Map<URI, Integer> mismatches = new HashMap<>();
    private final Map<URI, Long> notBefore = new HashMap<>();

    private FileDownload(
            String name, LockedFile file, List<URI> addresses, FetchOptions options, Transfer transfer, PartFile part) {
        this.name = name;
        this.file = file;
        this.addresses = new ArrayDeque<>(addresses);
        this.options = options;
        this.transfer = transfer;
        this.part = part;
    }

    /// Fetches `file` by way of `part`, which is kept for the next time if that fails, to `target`.
    ///
    /// @param name the file as messages call it
    /// @return the digest of what was fetched
    /// @throws DataException with one line that says why it cannot be had
    static String fetch(
            String name,
            LockedFile file,
            List<URI> addresses,
            Requests requests,
            FetchOptions options,
            PartFile part,
            Path partPath,
            Path target)
            throws InterruptedException {
        var transfer = new Transfer(file, requests, part, options.stall());
        var download = new FileDownload(name, file, addresses, options, transfer, part);
        download.run(partPath);
        part.moveTo(target);
        return part.digest();
    }

    private void run(Path partPath) throws InterruptedException {
        int fruitless = 0;
        long furthest = part.length();
        while (true) {
            URI address = addresses.getFirst();
            waitFor(address);
            try {
                transfer.run(address);
                verify(partPath);
                return;
            } catch (Mismatch e) {
                part.restart();
                if (mismatches.merge(address, 1, Integer::sum) >= MOST_MISMATCHES) {
                    giveUp(address, e.getMessage());
                } else {
                    addresses.addLast(addresses.removeFirst());
                }
                Thread.sleep(options.firstWait());
            } catch (PermanentFailure e) {
                giveUp(address, e.getMessage());
            } catch (TransientFailure e) {
                boolean worthy = part.length() >= furthest + WORTH;
                furthest = Math.max(furthest, part.length());
                fruitless = worthy ? 1 : fruitless + 1;
                if (fruitless >= options.attempts()) {
                    throw new DataException("%s: cannot be fetched from %s: %s; %s"
                            .formatted(name, address.getHost(), e.getMessage(), toGoOn()));
                }
                if (e.asked() != null) {
                    notBefore.put(address, System.nanoTime() + e.asked().toNanos());
                }
                addresses.addLast(addresses.removeFirst());
                Thread.sleep(backoff(fruitless));
            }
        }
    }

    private String toGoOn() {
        return part.length() == 0
                ? "try again later"
                : "%,d bytes are kept, run the command again to go on".formatted(part.length());
    }

    private void giveUp(URI address, @Nullable String problem) {
        addresses.removeFirst();
        given.add("%s: %s".formatted(address.getHost(), problem));
        if (addresses.isEmpty()) {
            throw new DataException("%s: cannot be fetched: %s".formatted(name, String.join("; ", given)));
        }
    }

    /// As long as its server has asked to wait.
    private void waitFor(URI address) throws InterruptedException {
        Long time = notBefore.remove(address);
        if (time != null) {
            Thread.sleep(Duration.ofNanos(Math.max(0, time - System.nanoTime())));
        }
    }

    private Duration backoff(int fruitless) {
        long doubled = options.firstWait().toMillis() << Math.min(fruitless - 1, 10);
        long backoff = Math.min(doubled, LONGEST_BACKOFF.toMillis());
        // not all clients at the same moment
        return Duration.ofMillis(backoff / 2 + ThreadLocalRandom.current().nextLong(backoff / 2 + 1));
    }

    private void verify(Path partPath) throws Mismatch, PermanentFailure {
        String expected = file.sha256() == null ? transfer.linkedSha256() : file.sha256();
        String found = part.digest();
        if (expected != null && !found.equals(expected)) {
            throw new Mismatch("has sha256 %s, expected %s; the server has another file, or models.lock is wrong"
                    .formatted(found, expected));
        }
        try {
            if (expected == null && Contents.isWebPage(partPath)) {
                throw new Mismatch(Transfer.WEB_PAGE);
            }
            String problem = Contents.problem(file.path(), partPath);
            if (problem != null) {
                part.restart();
                throw new PermanentFailure(problem);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(partPath, IoReason.of(e)), e);
        }
    }
}
