package dev.razor.eval.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The part of a data set that a file holds.
enum Split {
    TRAIN("train"),
    VALIDATION("validation|valid|val|dev"),
    TEST("test");

    private final Pattern pattern;

    Split(String words) {
        pattern = Pattern.compile("(?<![a-z])(%s)(?![a-z])".formatted(words));
    }

    /// The split that the file's own name says, else that its folder below `data` says, or null where neither
    /// does: `hellaswag_val.jsonl`, `ARC-Easy-Test.jsonl`, `data/train-00000-of-00001.parquet`.
    static @Nullable Split of(Path data, Path file) {
        Split named = in(String.valueOf(file.getFileName()));
        if (named != null || Files.isRegularFile(data)) {
            return named;
        }
        Path folder = data.relativize(file).getParent();
        return folder == null ? null : in(folder.toString());
    }

    /// The split whose word comes first.
    private static @Nullable Split in(String text) {
        Split found = null;
        int first = Integer.MAX_VALUE;
        for (Split split : values()) {
            Matcher matcher = split.pattern.matcher(text.toLowerCase(Locale.ROOT));
            if (matcher.find() && matcher.start() < first) {
                found = split;
                first = matcher.start();
            }
        }
        return found;
    }

    /// As messages say it.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
