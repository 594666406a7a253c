package dev.razor.cli.doctor;

import dev.razor.core.base.ConfigException;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.plan.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// The folders that Razor writes to: whether it may, and the room in them.
final class DiskFindings {

    /// Room for a model of 3 billion weights in bfloat16 as it is fetched; the same for a run, which keeps a
    /// checkpoint and writes another one beside it.
    private static final long CACHE = 8L << 30;

    private static final long RUNS = 16L << 30;
    private static final long TEMPORARY = 256L << 20;

    static final String WRITABLE = " that can be written";
    static final String TEMPORARY_REMEDY = "set RAZOR_JAVA_OPTS=-Djava.io.tmpdir=DIR to a folder";

    private DiskFindings() {}

    static List<Finding> look() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return List.of(
                cache(),
                folder("runs", Path.of("runs").toAbsolutePath(), RUNS, "give --set output= a folder"),
                temporary(temporary, mounts()));
    }

    /// The folder of what is fetched.
    static Finding cache() {
        String remedy = "set RAZOR_CACHE to a folder";
        try {
            return folder("cache", ModelCache.at(null).directory(), CACHE, remedy);
        } catch (ConfigException e) {
            String problem = e.problems().getFirst().replaceFirst("^cache: ", "");
            return Finding.of("cache", Finding.Status.WARNING, problem, remedy + WRITABLE);
        }
    }

    /// @param path need not exist; then its nearest folder that does is looked at
    /// @param remedy how to name another folder
    static Finding folder(String what, Path path, long room, String remedy) {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = Objects.requireNonNullElse(existing.getParent(), Path.of("/"));
        }
        if (!Files.isDirectory(existing)) {
            return Finding.warning(what, "%s is a file".formatted(existing), remedy + WRITABLE);
        }
        if (!Files.isWritable(existing)) {
            return Finding.warning(what, "%s cannot be written".formatted(path), remedy + WRITABLE);
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = "%s, %s free".formatted(path, ByteText.of(free));
            return free >= room
                    ? Finding.ok(what, found)
                    : Finding.warning(
                            what,
                            found,
                            "a model of 3 billion weights wants %s: %s on a larger disk"
                                    .formatted(ByteText.of(room), remedy));
        } catch (IOException e) {
            return Finding.warning(what, "%s: %s".formatted(path, e), remedy + WRITABLE);
        }
    }

    /// DuckDB and JNA bring libraries of their own and load them from the temporary folder.
    ///
    /// @param mounts the lines of `/proc/self/mounts`
    static Finding temporary(Path folder, List<String> mounts) {
        if (!Files.isDirectory(folder)) {
            return Finding.warning(
                    "temporary files", "%s is no folder that is there".formatted(folder), TEMPORARY_REMEDY + WRITABLE);
        }
        String options = "";
        int longest = -1;
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 3 && folder.startsWith(fields[1]) && fields[1].length() >= longest) {
                longest = fields[1].length();
                options = fields[3];
            }
        }
        if (List.of(options.split(",", -1)).contains("noexec")) {
            return Finding.warning(
                    "temporary files",
                    "%s is mounted noexec".formatted(folder),
                    "Parquet files cannot be read: mount it exec (--tmpfs /tmp:exec), or set"
                            + " RAZOR_JAVA_OPTS=-Djava.io.tmpdir=DIR");
        }
        return folder("temporary files", folder, TEMPORARY, TEMPORARY_REMEDY);
    }

    private static List<String> mounts() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts"));
        } catch (IOException _) {
            return List.of();
        }
    }
}
