package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The raw records of `multiple_choice.json` as files in a temporary directory, where the benchmarks look for
/// them.
final class RawRecords implements AutoCloseable {

    private static final String MMLU = "mmlu";
    private static final List<String> SPLITS = List.of("test", "dev");

    private final Path directory;
    private final List<String> mmluSubjects;

    private RawRecords(Path directory, List<String> mmluSubjects) {
        this.directory = directory;
        this.mmluSubjects = List.copyOf(mmluSubjects);
    }

    /// @param items records by benchmark; those of MMLU by subject and split
    static RawRecords write(GoldenValue items) {
        try {
            List<String> subjects = items.has(MMLU) ? items.get(MMLU).keys() : List.of();
            var records = new RawRecords(Files.createTempDirectory("razor-verify"), subjects);
            boolean written = false;
            try {
                for (String benchmark : items.keys()) {
                    if (benchmark.equals(MMLU)) {
                        records.writeMmlu(items.get(MMLU));
                    } else {
                        records.write(benchmark, "records", lines(items.get(benchmark)));
                    }
                }
                written = true;
            } finally {
                if (!written) {
                    records.close();
                }
            }
            return records;
        } catch (IOException e) {
            throw new DataException(
                    "%s: no room for a copy of the records, %s; set TMPDIR to another folder"
                            .formatted(items.where(), e),
                    e);
        }
    }

    private void writeMmlu(GoldenValue subjects) throws IOException {
        for (String split : SPLITS) {
            List<String> lines = new ArrayList<>();
            for (String subject : subjects.keys()) {
                if (subjects.get(subject).has(split)) {
                    for (GoldenValue record : subjects.get(subject).get(split).list()) {
                        if (!(record.node() instanceof ObjectNode fields)) {
                            throw record.misfit("an object");
                        }
                        lines.add(fields.deepCopy().put("subject", subject).toString());
                    }
                }
            }
            write(MMLU, split, lines);
        }
    }

    private static List<String> lines(GoldenValue records) {
        return records.list().stream().map(record -> record.node().toString()).toList();
    }

    private void write(String benchmark, String file, List<String> lines) throws IOException {
        if (!benchmark.matches("\\w+")) {
            throw new DataException("items_in_raw_schema: %s is not the name of a benchmark".formatted(benchmark));
        }
        Path folder = Files.createDirectories(directory.resolve(benchmark));
        Files.write(folder.resolve(file + ".jsonl"), lines);
    }

    Path directory() {
        return directory;
    }

    /// The subjects of MMLU that there are records of.
    List<String> mmluSubjects() {
        return mmluSubjects;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
