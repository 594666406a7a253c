package dev.razor.core.lock;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes sizes and digests that were found into a lock file, and leaves every other letter of it as it is:
/// comments, order and style. The new file takes the old one's place by a rename, after it has been read back
/// and checked.
public final class LockWriter {

    private static final Pattern ENTRY = Pattern.compile("^ {1,8}([a-z0-9][a-z0-9._-]*):\\s*(#.*)?$");
    private static final Pattern FILE = Pattern.compile("\\bpath:\\s*[\"']?([A-Za-z0-9_+=@./-]+)[\"']?\\s*(,|}|#|$)");
    private static final Pattern BYTES = Pattern.compile("\\bbytes:\\s*(null|~)");
    private static final Pattern SHA256 = Pattern.compile("\\bsha256:\\s*(null|~)");

    private LockWriter() {}

    /// Puts `found` (by path) where the entry's files have `null`. What is recorded is never changed.
    ///
    /// @return how many files were filled in
    /// @throws ConfigException if the file cannot be written, or if its style is one that this does not
    /// understand
    public static int fill(ModelsLock lock, LockEntry entry, Map<String, CacheCheck.Found> found) {
        try {
            String text = Files.readString(lock.file());
            Path file = lock.file().toAbsolutePath();
            Path temporary = file.resolveSibling(".%s.tmp-%s"
                    .formatted(file.getFileName(), UUID.randomUUID().toString().substring(0, 8)));
            try {
                Files.writeString(temporary, filled(text, entry.name(), found), StandardCharsets.UTF_8);
                requireFilled(ModelsLock.read(temporary), lock, entry, found);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new ConfigException("%s: cannot be written: %s".formatted(lock.file(), IoReason.of(e)), e);
        }
        return (int) entry.files().stream()
                .filter(file -> (file.sha256() == null || file.bytes() == null) && found.containsKey(file.path()))
                .count();
    }

    private static String filled(String text, String name, Map<String, CacheCheck.Found> found) {
        boolean inEntry = false;
        String path = null;
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            Matcher head = ENTRY.matcher(line);
            if (head.matches() && !head.group(1).matches("files|addresses")) {
                inEntry = head.group(1).equals(name);
                path = null;
            }
            Matcher file = FILE.matcher(line);
            if (inEntry && file.find()) {
                path = file.group(1);
            }
            CacheCheck.Found values = path == null ? null : found.get(path);
            lines.add(values == null ? line : filled(line, values));
        }
        return String.join("\n", lines);
    }

    private static String filled(String line, CacheCheck.Found values) {
        String sized = BYTES.matcher(line).replaceAll("bytes: " + values.bytes());
        return SHA256.matcher(sized).replaceAll("sha256: " + values.sha256());
    }

    /// Only the values that were to be filled in may differ.
    private static void requireFilled(
            ModelsLock read, ModelsLock before, LockEntry entry, Map<String, CacheCheck.Found> found) {
        List<LockEntry> expected = before.entries().stream()
                .map(each -> each.equals(entry) ? filled(each, found) : each)
                .toList();
        if (!read.entries().equals(expected)) {
            throw new ConfigException(
                    "%s: %s: is not written as one line a file, {path: ..., bytes: null, sha256: null}; write it so and try again"
                            .formatted(before.file(), entry.name()));
        }
    }

    private static LockEntry filled(LockEntry entry, Map<String, CacheCheck.Found> found) {
        List<LockedFile> files = entry.files().stream()
                .map(file -> filled(file, found.get(file.path())))
                .toList();
        return new LockEntry(entry.name(), entry.kind(), entry.licence(), entry.local(), entry.templates(), files);
    }

    private static LockedFile filled(LockedFile file, CacheCheck.@Nullable Found values) {
        return values == null
                ? file
                : new LockedFile(
                        file.path(),
                        file.bytes() == null ? Long.valueOf(values.bytes()) : file.bytes(),
                        file.sha256() == null ? values.sha256() : file.sha256());
    }
}
