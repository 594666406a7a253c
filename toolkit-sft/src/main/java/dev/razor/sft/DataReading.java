package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.FilePattern;
import dev.razor.core.data.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the files of a run's `data`, holds each example to the length limit, and tells all problems together.
///
/// @param <T> the kind of example
public final class DataReading<T extends Example<T>> {

    private final LengthLimit limit;
    private final Function<Path, List<T>> format;
    private final Problems problems = new Problems();
    private final List<T> examples = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private int cut;
    private int dropped;

    private DataReading(LengthLimit limit, Function<Path, List<T>> format) {
        this.limit = limit;
        this.format = format;
    }

    /// What was read.
    ///
    /// @param examples those of the first entry first, each entry's in the order of its sorted files
    /// @param sizes how many examples each entry has
    /// @param files all files, in the order in which they were read
    /// @param lengths the tokens of every example before any was cut or left out
    /// @param cut examples cut at their end
    /// @param dropped examples left out
    public record Found<T>(
            List<T> examples, List<Integer> sizes, List<Path> files, List<Integer> lengths, int cut, int dropped) {}

    /// Reads files or globs.
    ///
    /// @param key where the entries come from, for messages
    /// @param format what a file's examples are, at their full length
    /// @throws DataException naming each file and record that cannot be used, of many the first
    public static <T extends Example<T>> Found<T> read(
            String key, List<Path> entries, LengthLimit limit, Function<Path, List<T>> format) {
        DataReading<T> reading = new DataReading<>(limit, format);
        for (Path entry : entries) {
            reading.entry(key, entry);
        }
        reading.problems.throwIfAny(key);
        return reading.found();
    }

    private void entry(String key, Path entry) {
        int read = lengths.size();
        int kept = examples.size();
        boolean good = true;
        try {
            for (Path file : FilePattern.files(key, entry)) {
                files.add(file);
                good &= file(file);
            }
        } catch (DataException e) {
            problems.add(e);
            good = false;
        }
        if (good && examples.size() == kept) {
            problems.add(new DataException(
                    "%s: none of its %d records has something to train on within max_length = %d tokens; raise max_length (max_length_policy is %s)"
                            .formatted(entry, lengths.size() - read, limit.maxLength(), policyName())));
        }
        sizes.add(examples.size() - kept);
    }

    /// Whether all records of the file could be used, if only to be left out.
    private boolean file(Path file) {
        boolean good = true;
        try {
            for (T example : format.apply(file)) {
                good &= take(example);
            }
        } catch (DataException e) {
            problems.add(e);
            good = false;
        }
        return good;
    }

    private boolean take(T example) {
        lengths.add(example.length());
        if (example.length() <= limit.maxLength()) {
            examples.add(example);
            return true;
        }
        if (limit.policy() == SftConfig.LengthPolicy.FAIL) {
            problems.add(new DataException(
                    "%s: %d tokens, more than max_length = %d; raise it, shorten the record, or set max_length_policy to truncate or drop"
                            .formatted(example.place(), example.length(), limit.maxLength())));
            return false;
        }
        @Nullable T shortened = example.shortened(limit);
        if (shortened == null) {
            dropped++;
        } else {
            cut++;
            examples.add(shortened);
        }
        return true;
    }

    private String policyName() {
        return limit.policy().name().toLowerCase(Locale.ROOT);
    }

    private Found<T> found() {
        return new Found<>(
                List.copyOf(examples), List.copyOf(sizes), List.copyOf(files), List.copyOf(lengths), cut, dropped);
    }
}
