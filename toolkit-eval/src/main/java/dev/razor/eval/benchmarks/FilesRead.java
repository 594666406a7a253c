package dev.razor.eval.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which files the benchmarks that a piece of code loads take their records from: what a score follows from,
/// besides the model.
public final class FilesRead {

    private static final ScopedValue<SortedSet<Path>> READ = ScopedValue.newInstance();

    private FilesRead() {}

    /// Runs `load` and gives the files whose records it read, sorted by name. Files that were only looked at
    /// are not among them.
    public static List<Path> by(Runnable load) {
        SortedSet<Path> read = new TreeSet<>();
        ScopedValue.where(READ, read).run(load);
        return List.copyOf(read);
    }

    /// Told by whatever reads all records of a file.
    static void add(Path file) {
        if (READ.isBound()) {
            READ.get().add(file);
        }
    }
}
