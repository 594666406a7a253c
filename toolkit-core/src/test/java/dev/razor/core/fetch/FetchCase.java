package dev.razor.core.fetch;

import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// One file `data.jsonl` on a server, the lock that names it, and what fetching it says.
final class FetchCase {

    static final String FILE = "data.jsonl";

    final Path folder;
    final Path original;
    final ModelCache cache;
    final List<String> notices = new CopyOnWriteArrayList<>();
    FetchOptions options = new FetchOptions(2, false, Duration.ofSeconds(1), 4, Duration.ofMillis(1));
    Hub hub = Hub.of(name -> null);
    Progress progress = Progress.silent();
    long free = Long.MAX_VALUE;

    FetchCase(Path folder, long bytes) throws IOException {
        this.folder = folder;
        this.original = folder.resolve("original");
        this.cache = new ModelCache(folder.resolve("cache"));
        write(original, bytes, 1);
    }

    static void write(Path file, long bytes, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long left = bytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    /// The entry `thing` with the right size and digest, to be had at `addresses`.
    LockEntry entry(String... addresses) throws IOException {
        return held(FILE, Long.toString(Files.size(original)), Sha256.ofFile(original), addresses);
    }

    LockEntry held(String path, String bytes, String sha256, String... addresses) throws IOException {
        return holding(List.of("{path: %s, bytes: %s, sha256: %s}".formatted(path, bytes, sha256)), addresses);
    }

    /// The entry `thing` with these lines for its files.
    LockEntry holding(List<String> files, String... addresses) throws IOException {
        String list = String.join(
                ", ",
                List.of(addresses).stream()
                        .map(address -> "\"" + address + "/{path}\"")
                        .toList());
        return thing("addresses: [%s]".formatted(list), files);
    }

    /// An entry `thing` that lies beside the lock file.
    LockEntry local(String directory) throws IOException {
        return thing("path: " + directory, List.of("{path: %s}".formatted(FILE)));
    }

    private LockEntry thing(String from, List<String> files) throws IOException {
        Path lock = folder.resolve("models.lock");
        Files.writeString(lock, """
                datasets:
                  thing:
                    %s
                    licence: none
                    files: [%s]
                """.formatted(from, String.join(", ", files)));
        return ModelsLock.read(lock).entry("thing");
    }

    Fetch.Outcome fetch(LockEntry entry) throws InterruptedException {
        return new Fetch(cache, hub, options, progress, notices::add, _ -> free).fetch(entry);
    }

    Path place() {
        return cache.directory().resolve("thing");
    }

    boolean isRight() throws IOException {
        return Files.mismatch(place().resolve(FILE), original) < 0;
    }

    /// A hub with this endpoint and token.
    static Hub hub(String endpoint, @Nullable String token) {
        Map<String, String> environment =
                token == null ? Map.of("HF_ENDPOINT", endpoint) : Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", token);
        return Hub.of(environment::get);
    }

    /// The files below `directory`, by their paths in it.
    static List<String> files(Path directory) throws IOException {
        List<String> files = new ArrayList<>();
        if (Files.exists(directory)) {
            try (var tree = Files.walk(directory)) {
                tree.filter(Files::isRegularFile)
                        .forEach(file -> files.add(directory.relativize(file).toString()));
            }
        }
        return files;
    }
}
