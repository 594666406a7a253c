package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.FilePattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many records data files have and how long they are, each file read once.
final class RecordCounts {

    /// Characters of a text that a token stands for, about: the usual rule of thumb for English.
    private static final int CHARACTERS = 4;

    private final Map<Path, Optional<Size>> known = new HashMap<>();

    /// @param records how many
    /// @param tokens of all of them together, about
    /// @param longest tokens of the longest, about
    record Size(long records, long tokens, int longest) {

        static final Size NONE = new Size(0, 0, 0);

        Size plus(Size other) {
            return new Size(records + other.records, tokens + other.tokens, Math.max(longest, other.longest));
        }

        /// Tokens of one record, about; at least one.
        double tokensEach() {
            return records == 0 ? 1 : Math.max(1, (double) tokens / records);
        }
    }

    /// Of the files that `entry` stands for; empty where one is not there or cannot be read.
    Optional<Size> of(Path entry) {
        List<Path> files;
        try {
            files = FilePattern.files("data", entry);
        } catch (UserException _) {
            return Optional.empty();
        }
        Size all = Size.NONE;
        for (Path file : files) {
            Optional<Size> size = known.computeIfAbsent(file, RecordCounts::read);
            if (size.isEmpty()) {
                return Optional.empty();
            }
            all = all.plus(size.get());
        }
        return Optional.of(all);
    }

    private static Optional<Size> read(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        long[] sums = new long[3];
        try {
            DataFiles.forEach(file, record -> {
                int tokens = record.node().toString().length() / CHARACTERS;
                sums[0]++;
                sums[1] += tokens;
                sums[2] = Math.max(sums[2], tokens);
            });
        } catch (UserException _) {
            return Optional.empty(); // the run itself will say what is wrong with it
        }
        return Optional.of(new Size(sums[0], sums[1], Math.toIntExact(sums[2])));
    }
}
