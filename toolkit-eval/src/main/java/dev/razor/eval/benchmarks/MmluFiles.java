package dev.razor.eval.benchmarks;

import dev.razor.core.base.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads MMLU's questions: from the original files, `<subject>_test.csv` and `<subject>_dev.csv` without a
/// header, and from records `{"question", "subject", "choices", "answer"}` in files whose name or folder says
/// `test` or `dev`.
final class MmluFiles {

    private static final List<String> FOLDERS = List.of("mmlu", "test", "dev");
    private static final List<String> FIELDS = List.of("question", "subject", "choices", "answer");
    private static final Pattern CSV_NAME = Pattern.compile("(.+)_(test|dev)\\.csv(\\.gz)?");
    private static final Pattern SPLIT = Pattern.compile("(?<![a-z])(test|dev)(?![a-z])");

    private final Path data;
    private final Map<String, List<MmluQuestion>> questions = new LinkedHashMap<>();
    private final Map<String, Path> origins = new LinkedHashMap<>();

    private MmluFiles(Path data) {
        this.data = data;
    }

    /// The questions of `split` by subject.
    ///
    /// @param split `test` or `dev`
    /// @param subjects the ones to read; those without a file are left out
    static Map<String, List<MmluQuestion>> read(Path data, String split, List<String> subjects) {
        var files = new MmluFiles(data);
        for (Path path : BenchmarkFiles.candidates(data, FOLDERS)) {
            var file = new DataFile(path);
            if (file.isCsv()) {
                files.addCsv(file, split, subjects);
            } else if (files.isSplit(path, split)) {
                files.addRecords(file, subjects);
            }
        }
        return files.questions;
    }

    private void addCsv(DataFile file, String split, List<String> subjects) {
        Matcher name = CSV_NAME.matcher(file.path().getFileName().toString());
        if (name.matches() && name.group(2).equals(split) && subjects.contains(name.group(1))) {
            add(name.group(1), file.path(), csvQuestions(file));
        }
    }

    private static List<MmluQuestion> csvQuestions(DataFile file) {
        FilesRead.add(file.path());
        List<Csv.Row> rows = file.rows();
        if (rows.isEmpty()) {
            throw new DataException(
                    "%s: holds no questions, got an empty file; download it again".formatted(file.path()));
        }
        var questions = new ArrayList<MmluQuestion>();
        for (Csv.Row row : rows) {
            String where = file.path() + ":" + row.line();
            List<String> cells = row.cells();
            if (cells.size() != 6) {
                throw new DataException(
                        "%s: must have question, four answers and a letter, got %d cells; correct the row"
                                .formatted(where, cells.size()));
            }
            int answer = MmluQuestion.LETTERS.indexOf(cells.get(5));
            if (answer < 0) {
                throw new DataException("%s: the right answer must be A, B, C or D, got \"%s\"; correct the row"
                        .formatted(where, cells.get(5)));
            }
            questions.add(new MmluQuestion(cells.getFirst(), List.copyOf(cells.subList(1, 5)), answer));
        }
        return questions;
    }

    private void addRecords(DataFile file, List<String> subjects) {
        DataRecord first = file.first();
        if (first == null || !FIELDS.stream().allMatch(first::has)) {
            return;
        }
        record Entry(String subject, MmluQuestion question) {}
        var bySubject = new LinkedHashMap<String, List<MmluQuestion>>();
        for (Entry entry : file.read(each -> new Entry(each.text("subject"), question(each)))) {
            bySubject.computeIfAbsent(entry.subject(), _ -> new ArrayList<>()).add(entry.question());
        }
        bySubject.forEach((subject, found) -> {
            if (subjects.contains(subject)) {
                add(subject, file.path(), found);
            }
        });
    }

    private static MmluQuestion question(DataRecord from) {
        List<String> options = from.choices("choices");
        if (options.size() != MmluQuestion.LETTERS.size()) {
            throw from.problem("choices must be four, got %d; correct the record".formatted(options.size()));
        }
        return new MmluQuestion(from.text("question"), options, from.gold("answer", options.size()));
    }

    private void add(String subject, Path path, List<MmluQuestion> found) {
        Path other = origins.putIfAbsent(subject, path);
        if (other != null) {
            throw new DataException("mmlu_%s: needs one file, got %s and %s; give a folder with one of them with --data"
                    .formatted(subject, other, path));
        }
        questions.put(subject, List.copyOf(found));
    }

    /// Whether the file's own name, else its folder's, names the split. A file that was asked for itself and
    /// names none holds the questions to answer.
    private boolean isSplit(Path path, String split) {
        Matcher inName = SPLIT.matcher(path.getFileName().toString());
        if (inName.find()) {
            return inName.group(1).equals(split);
        }
        if (Files.isRegularFile(data)) {
            return split.equals("test");
        }
        Matcher inFolder = SPLIT.matcher(data.relativize(path).toString());
        return inFolder.find() && inFolder.group(1).equals(split);
    }
}
