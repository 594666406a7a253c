package dev.razor.eval.lines;

import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.JsonlWriter;
import dev.razor.core.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Work on a file of records that gives one line for each, in their order, without holding more than a chunk of
/// them.
///
/// The file is read twice: once to find every mistake before the model computes anything (and to count the
/// records, for the time left), and once for the work. What cannot be read twice, such as a pipe, is read once.
///
/// @param what the work in a word, for the progress
/// @param chunk records that are worked on together
/// @param parse takes what the model needs from a record
/// @param work gives each line of a chunk its answer
record LineJob<T>(
        String what, int chunk, Function<JsonRecord, T> parse, Function<List<Line<T>>, List<ObjectNode>> work) {

    /// Reads `input` and publishes `output`, all of it or nothing.
    ///
    /// @return how many lines were written
    long run(Path input, Path output, Progress progress) {
        Counter records = new Counter();
        if (Files.isRegularFile(input)) {
            DataFiles.forEach(input, record -> line(record, records.next()));
        }
        try (JsonlWriter out = JsonlWriter.create(output)) {
            List<Line<T>> waiting = new ArrayList<>();
            Counter number = new Counter();
            DataFiles.forEach(input, record -> {
                waiting.add(line(record, number.next()));
                if (waiting.size() == chunk) {
                    flush(waiting, out);
                    progress.update(what, number.count, records.count, "");
                }
            });
            flush(waiting, out);
            progress.update(what, number.count, number.count, "");
            out.commit();
            return number.count;
        }
    }

    private Line<T> line(JsonRecord record, long number) {
        return new Line<>(RecordId.of(record, number), number, parse.apply(record));
    }

    private void flush(List<Line<T>> waiting, JsonlWriter out) {
        if (!waiting.isEmpty()) {
            work.apply(List.copyOf(waiting)).forEach(out::write);
            waiting.clear();
        }
    }

    /// Counts from inside a lambda.
    private static final class Counter {
        private long count;

        long next() {
            return count++;
        }
    }
}
