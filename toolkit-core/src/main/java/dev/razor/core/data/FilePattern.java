package dev.razor.core.data;

import dev.razor.core.base.DataException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The files that a name with wildcards stands for: `*`, `?`, `[...]` and `{...}` within a name, `**` for any
/// folders. As in a shell, names that begin with a dot are left out unless the pattern begins with one.
public final class FilePattern {

    private static final String WILDCARDS = ".*[*?\\[{].*";

    private FilePattern() {}

    /// The files that `entry` stands for, sorted by name: `entry` itself where it exists or has no wildcard.
    ///
    /// @param key where the entry comes from, such as `data`, for messages
    /// @throws DataException if no file matches
    public static List<Path> files(String key, Path entry) {
        if (Files.exists(entry) || !entry.toString().matches("(?s)" + WILDCARDS)) {
            return List.of(entry);
        }
        List<Path> found = new ArrayList<>();
        Path start =
                entry.isAbsolute() ? entry.getRoot() : entry.getFileSystem().getPath("");
        try {
            collect(start, entry, 0, found);
        } catch (PatternSyntaxException e) {
            throw new DataException(
                    "%s: %s is no pattern: %s; correct it".formatted(key, entry, e.getDescription()), e);
        } catch (IOException e) {
            throw new DataException("%s: %s: cannot be read: %s".formatted(key, entry, IoReason.of(e)), e);
        }
        if (found.isEmpty()) {
            throw new DataException("%s: no file matches %s; correct the pattern".formatted(key, entry));
        }
        return found.stream().distinct().sorted().toList();
    }

    private static void collect(Path folder, Path pattern, int depth, List<Path> found) throws IOException {
        String name = pattern.getName(depth).toString();
        boolean last = depth == pattern.getNameCount() - 1;
        if (name.equals("**")) {
            if (!last) {
                collect(folder, pattern, depth + 1, found);
            }
            for (Path entry : matching(folder, "*")) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    collect(entry, pattern, depth, found);
                } else if (last) {
                    found.add(entry);
                }
            }
            return;
        }
        List<Path> entries = name.matches("(?s)" + WILDCARDS) ? matching(folder, name) : List.of(folder.resolve(name));
        for (Path entry : entries) {
            if (!last && Files.isDirectory(entry)) {
                collect(entry, pattern, depth + 1, found);
            } else if (last && Files.isRegularFile(entry)) {
                found.add(entry);
            }
        }
    }

    private static List<Path> matching(Path folder, String name) throws IOException {
        FileSystem files = folder.getFileSystem();
        PathMatcher matcher = files.getPathMatcher("glob:" + name);
        List<Path> entries = new ArrayList<>();
        Path listed = folder.toString().isEmpty() ? files.getPath(".") : folder;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(listed)) {
            for (Path entry : all) {
                Path own = entry.getFileName();
                boolean hidden = own.toString().startsWith(".") && !name.startsWith(".");
                if (!hidden && matcher.matches(own)) {
                    entries.add(folder.resolve(own));
                }
            }
        }
        return entries;
    }
}
