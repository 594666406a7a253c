package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.eval.BenchmarkData;
import dev.razor.eval.BenchmarkData.Group;
import dev.razor.eval.BenchmarkData.Task;
import dev.razor.eval.Document;
import dev.razor.eval.Metric;
import dev.razor.eval.MultipleChoiceBenchmark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// MMLU: exam questions of 57 subjects, four answers each, marked by the likeliest of the letters A to D.
///
/// ```
/// description = "The following are multiple choice questions (with answers) about " + subject + ".\n\n"
/// query       = strip(question) + "\nA. " + a + "\nB. " + b + "\nC. " + c + "\nD. " + d + "\nAnswer:"
/// ```
///
/// Examples are the first of the subject's `dev` file. Each subject is a task; the averages over groups count
/// each question the same. Subjects without a file are left out of the averages, with a warning.
///
/// @see <a href="https://arxiv.org/abs/2009.03300">Hendrycks et al. 2020</a>
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/main/lm_eval/tasks/mmlu/default">
///     the definition followed here</a>
public final class Mmlu implements MultipleChoiceBenchmark {

    private static final Logger LOG = LoggerFactory.getLogger(Mmlu.class);
    private static final double TASK_VERSION = 1.0;
    private static final double GROUP_VERSION = 2.0;

    private final String name;
    private final double version;
    private final List<String> subjects;
    private final List<Group> groups;

    private Mmlu(String name, double version, List<String> subjects, List<Group> groups) {
        this.name = name;
        this.version = version;
        this.subjects = List.copyOf(subjects);
        this.groups = List.copyOf(groups);
    }

    /// All of them: `mmlu`, then the four groups such as `mmlu_stem`, then the subjects such as `mmlu_astronomy`.
    public static List<MultipleChoiceBenchmark> all() {
        var all = new ArrayList<MultipleChoiceBenchmark>();
        var fields = new ArrayList<Group>();
        var everything = new ArrayList<String>();
        for (MmluGroup field : MmluGroup.values()) {
            Group group = group("mmlu_" + field.name().toLowerCase(Locale.ROOT), field.subjects());
            fields.add(group);
            everything.addAll(field.subjects());
            all.add(new Mmlu(group.name(), GROUP_VERSION, field.subjects(), List.of(group)));
        }
        fields.addFirst(group("mmlu", everything));
        all.addFirst(new Mmlu("mmlu", GROUP_VERSION, everything, fields));
        for (String subject : everything) {
            all.add(ofSubject(subject));
        }
        return List.copyOf(all);
    }

    /// The questions of one subject, which need not be one of the 57.
    public static MultipleChoiceBenchmark ofSubject(String subject) {
        return new Mmlu(task(subject), TASK_VERSION, List.of(subject), List.of());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public double version() {
        return version;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    @Override
    public BenchmarkData load(Path data, int numFewshot) {
        Map<String, List<MmluQuestion>> tests = MmluFiles.read(data, "test", subjects);
        Map<String, List<MmluQuestion>> examples = numFewshot == 0 ? Map.of() : MmluFiles.read(data, "dev", subjects);
        if (tests.isEmpty()) {
            throw new DataException("%s: no file such as %s_test.csv under %s, got none; put MMLU's test files there"
                    .formatted(name, subjects.getFirst(), data));
        }
        List<String> missing =
                subjects.stream().filter(subject -> !tests.containsKey(subject)).toList();
        if (!missing.isEmpty()) {
            LOG.warn(
                    "{}: averages leave out {} of {} subjects, whose files are missing: {}",
                    name,
                    missing.size(),
                    subjects.size(),
                    missing);
        }
        List<String> present = subjects.stream().filter(tests::containsKey).toList();
        List<Task> tasks = present.stream()
                .map(subject -> {
                    List<MmluQuestion> first = firstOf(subject, examples.getOrDefault(subject, List.of()), numFewshot);
                    List<Document> documents = tests.getOrDefault(subject, List.of()).stream()
                            .map(question -> question.document(subject, first))
                            .toList();
                    return new Task(task(subject), TASK_VERSION, documents);
                })
                .toList();
        return new BenchmarkData(tasks, present(tasks));
    }

    private static List<MmluQuestion> firstOf(String subject, List<MmluQuestion> examples, int count) {
        if (examples.size() < count) {
            throw new ConfigException(
                    "num_fewshot: %s has %d examples in its dev file, got %d; lower it or add the file"
                            .formatted(task(subject), examples.size(), count));
        }
        return examples.subList(0, count);
    }

    /// The groups, without the subjects that have no file.
    private List<Group> present(List<Task> tasks) {
        List<String> names = tasks.stream().map(Task::name).toList();
        return groups.stream()
                .map(group -> new Group(
                        group.name(),
                        group.version(),
                        group.tasks().stream().filter(names::contains).toList()))
                .filter(group -> !group.tasks().isEmpty())
                .toList();
    }

    private static Group group(String name, List<String> subjects) {
        return new Group(name, GROUP_VERSION, subjects.stream().map(Mmlu::task).toList());
    }

    private static String task(String subject) {
        return "mmlu_" + subject;
    }
}
