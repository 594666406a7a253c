package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Fetches entries of `models.lock` into the cache.
///
/// What has come lies in its [Staging]. `CACHE/NAME` appears by one rename: whatever happens, nothing is there but
/// all files with the right bytes, and what came is kept for the next time.
public final class Fetch {

    private final ModelCache cache;
    private final Hub hub;
    private final FetchOptions options;
    private final Progress progress;
    private final Consumer<String> notice;
    private final ToLongFunction<Path> freeBytes;

    /// @param notice is given a line where a user should know something that is no failure
    public Fetch(ModelCache cache, Hub hub, FetchOptions options, Progress progress, Consumer<String> notice) {
        this(cache, hub, options, progress, notice, Fetch::freeBytes);
    }

    Fetch(
            ModelCache cache,
            Hub hub,
            FetchOptions options,
            Progress progress,
            Consumer<String> notice,
            ToLongFunction<Path> freeBytes) {
        this.cache = cache;
        this.hub = hub;
        this.options = options;
        this.progress = progress;
        this.notice = notice;
        this.freeBytes = freeBytes;
    }

    /// What came of an entry.
    ///
    /// @param wasThere whether all of it was there before; then only names and sizes were looked at
    public record Outcome(Path directory, boolean wasThere) {}

    /// Fetches an entry, or finds it there.
    ///
    /// @throws DataException with a line for every file that cannot be had
    public Outcome fetch(LockEntry entry) throws InterruptedException {
        Path place = cache.place(entry);
        if (entry.local() != null) {
            requireWhole(entry, place);
            return new Outcome(place, true);
        }
        requirePinned(entry);
        if (isThere(entry, place)) {
            return new Outcome(place, true);
        }
        Staging staging = Staging.of(cache, entry);
        staging.refuseOddLock();
        try (EntryLock _ = EntryLock.take(
                staging.lock(),
                () -> notice.accept("%s: another process is fetching it; waiting".formatted(entry.name())))) {
            if (isThere(entry, place)) {
                return new Outcome(place, true);
            }
            staging.refuseLinks();
            staging.tidy();
            requireSpace(entry, staging);
            fetchFiles(entry, staging);
            publish(entry, staging, place);
        }
        return new Outcome(place, false);
    }

    /// With `locked`, an entry must have a digest for every file.
    private void requirePinned(LockEntry entry) {
        if (options.locked() && !entry.unpinned().isEmpty()) {
            throw new DataException(notPinned(entry));
        }
    }

    /// The line about an entry that `--locked` refuses.
    public static String notPinned(LockEntry entry) {
        return "%s: models.lock has no sha256 for %s; fetch it without --locked, then record what came: razor models lock %s"
                .formatted(entry.name(), String.join(", ", entry.unpinned()), entry.name());
    }

    private boolean isThere(LockEntry entry, Path place) {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        requireWhole(entry, place);
        return true;
    }

    private void requireWhole(LockEntry entry, Path place) {
        if (!cache.has(entry)) {
            throw new DataException("%s: %s lacks files of models.lock, or has them in other sizes; %s"
                    .formatted(entry.name(), place, entry.remedy(place)));
        }
    }

    private void requireSpace(LockEntry entry, Staging staging) {
        long needed = 0;
        for (LockedFile file : entry.files()) {
            if (file.bytes() != null) {
                needed += Math.max(0, file.bytes() - size(staging.part(file)) - size(staging.file(file)));
            }
        }
        long free = freeBytes.applyAsLong(staging.lock());
        if (needed > free) {
            throw new DataException(
                    "%s: needs %,d more bytes, the disk of %s has %,d; free space, or choose another with --cache"
                            .formatted(entry.name(), needed, cache.directory(), free));
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    private static long freeBytes(Path file) {
        try {
            return Files.getFileStore(file).getUsableSpace();
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
    }

    private void fetchFiles(LockEntry entry, Staging staging) throws InterruptedException {
        FetchProgress counted =
                new FetchProgress(progress, entry.name(), entry.bytes().orElse(0));
        ExecutorService threads = Executors.newFixedThreadPool(
                options.jobs(), Thread.ofPlatform().daemon().name("fetch-", 0).factory());
        try (Requests requests = new Requests(hub, options.stall())) {
            SequencedMap<LockedFile, Future<String>> fetched = new LinkedHashMap<>();
            for (LockedFile file : entry.files()) {
                fetched.put(file, threads.submit(() -> fetchFile(entry, file, staging, requests, counted)));
            }
            report(entry, fetched);
        } finally {
            threads.shutdownNow();
        }
    }

    private String fetchFile(
            LockEntry entry, LockedFile file, Staging staging, Requests requests, FetchProgress counted)
            throws InterruptedException {
        String name = entry.name() + "/" + file.path();
        List<URI> addresses = entry.addresses(file, hub.endpoint());
        Path target = staging.file(file);
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            String digest = Sha256.ofFile(target);
            if (file.sha256() == null ? isFrom(addresses, staging.source(file)) : digest.equals(file.sha256())) {
                counted.start(size(target));
                return digest;
            }
            OutputDirectory.delete(target);
        }
        try (PartFile part = PartFile.open(name, staging.part(file), staging.source(file), counted::start)) {
            part.tell(counted::add);
            return FileDownload.fetch(name, file, addresses, requests, options, part, staging.part(file), target);
        }
    }

    /// A file without a recorded digest is the right one if it came from where the lock says now: its revision.
    private static boolean isFrom(List<URI> addresses, Path note) {
        try {
            PartFile.Source source = PartFile.Source.read(note);
            return source != null && addresses.contains(source.address());
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(note, IoReason.of(e)), e);
        }
    }

    /// Waits for all files, so that what can be had is had.
    private void report(LockEntry entry, Map<LockedFile, Future<String>> fetched) throws InterruptedException {
        Set<String> problems = new LinkedHashSet<>();
        for (Map.Entry<LockedFile, Future<String>> each : fetched.entrySet()) {
            try {
                String digest = each.getValue().get();
                if (each.getKey().sha256() == null) {
                    notice.accept(
                            "%s/%s: models.lock has no sha256 for it; what came has %s (razor models lock %s records it)"
                                    .formatted(entry.name(), each.getKey().path(), digest, entry.name()));
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UserException expected)) {
                    throw new IllegalStateException(e.getCause());
                }
                problems.addAll(expected.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException(new ArrayList<>(problems));
        }
    }

    private static void publish(LockEntry entry, Staging staging, Path place) {
        try {
            Files.move(staging.files(), place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new DataException(
                    "%s: cannot be moved to %s: %s; all of it is in %s"
                            .formatted(entry.name(), place, IoReason.of(e), staging.files()),
                    e);
        }
        OutputDirectory.delete(staging.root());
    }
}
