package dev.razor.core.lock;

import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.Progress;
import dev.razor.core.run.ProgressLine;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What the bytes of an entry's files are, read from the disk.
///
/// @param found the size and digest of each file that is there, by its path
/// @param problems a line for each file that is missing or not the lock's
public record CacheCheck(SequencedMap<String, Found> found, List<String> problems) {

    private static final long MEGABYTE = 1_000_000;

    /// A file's bytes.
    public record Found(long bytes, String sha256) {}

    /// Reads all files of an entry.
    ///
    /// @param jobs how many at the same time
    public static CacheCheck of(LockEntry entry, ModelCache cache, int jobs, Progress progress)
            throws InterruptedException {
        Path place = cache.place(entry);
        long total = entry.bytes().orElse(0);
        AtomicLong read = new AtomicLong();
        LongConsumer count = bytes -> {
            synchronized (read) {
                progress.update(
                        entry.name(),
                        ProgressLine.units(read.addAndGet(bytes), total, MEGABYTE),
                        ProgressLine.units(total, total, MEGABYTE),
                        "MB read");
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(
                jobs, Thread.ofPlatform().daemon().name("check-", 0).factory());
        try {
            SequencedMap<LockedFile, Future<Found>> results = new LinkedHashMap<>();
            for (LockedFile file : entry.files()) {
                results.put(file, threads.submit(() -> read(entry, file, place, count)));
            }
            SequencedMap<String, Found> found = new LinkedHashMap<>();
            List<String> problems = new ArrayList<>();
            for (Map.Entry<LockedFile, Future<Found>> each : results.entrySet()) {
                try {
                    found.put(each.getKey().path(), each.getValue().get());
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof UserException expected)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    problems.addAll(expected.problems());
                    continue;
                }
                String problem =
                        problem(entry, each.getKey(), found.get(each.getKey().path()), place);
                if (problem != null) {
                    problems.add(problem);
                }
            }
            return new CacheCheck(found, problems);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Found read(LockEntry entry, LockedFile file, Path place, LongConsumer count) {
        Path path = place.resolve(file.path());
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new DataException("%s/%s: is not in %s; %s"
                    .formatted(entry.name(), file.path(), path.getParent(), entry.remedy(place)));
        }
        try {
            return new Found(Files.size(path), Sha256.ofFile(path, count));
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(path, IoReason.of(e)), e);
        }
    }

    private static @Nullable String problem(LockEntry entry, LockedFile file, Found found, Path place) {
        String what;
        if (file.bytes() != null && found.bytes() != file.bytes()) {
            what = "has %,d bytes, expected %,d".formatted(found.bytes(), file.bytes());
        } else if (file.sha256() != null && !file.sha256().equals(found.sha256())) {
            what = "has sha256 %s, expected %s".formatted(found.sha256(), file.sha256());
        } else {
            return null;
        }
        return "%s/%s: %s; %s".formatted(entry.name(), file.path(), what, entry.remedy(place));
    }
}
