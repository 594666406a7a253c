package dev.razor.core.data;

import dev.razor.core.base.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/// Files of records in any form that Razor reads, told apart by name: `.parquet` by [ParquetFile], everything
/// else (JSONL, JSON, each also packed as `.gz`) by [Jsonl].
public final class DataFiles {

    private DataFiles() {}

    /// All records of a file, in its order.
    ///
    /// @throws DataException if the file cannot be read or used; the message names the place
    public static List<JsonRecord> read(Path file) {
        List<JsonRecord> records = new ArrayList<>();
        forEach(file, records::add);
        return List.copyOf(records);
    }

    /// Hands the records of a file to `action` one after the other, in its order, without holding them.
    ///
    /// @throws DataException if the file cannot be read or used; the message names the place
    public static void forEach(Path file, Consumer<JsonRecord> action) {
        if (isParquet(file)) {
            ParquetFile.forEach(file, action);
        } else {
            Jsonl.forEach(file, action);
        }
    }

    /// What `use` makes of each record, without holding the records.
    ///
    /// @throws DataException with the problems of all records that cannot be used, of many the first
    public static <T> List<T> map(Path file, Function<JsonRecord, T> use) {
        List<T> results = new ArrayList<>();
        Problems problems = new Problems();
        try {
            forEach(file, record -> {
                try {
                    results.add(use.apply(record));
                } catch (DataException e) {
                    problems.add(e);
                }
            });
        } catch (DataException e) {
            problems.add(e);
        }
        problems.throwIfAny(file);
        return results;
    }

    /// Whether the file is Parquet by its name.
    static boolean isParquet(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }
}
