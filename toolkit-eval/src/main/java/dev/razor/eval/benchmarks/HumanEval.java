package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.sandbox.PythonTest;
import dev.razor.eval.generative.Decoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// HumanEval: 164 Python functions to write, each judged by tests.
///
/// ```
/// humaneval            prompt + completion, the completion cut at the first stop
/// humaneval_instruct   prompt + completion up to the first fence; the answer begins with the prefix
/// ..._64               the same with 64 completions a task, sampled at temperature 0.2 and top_p 0.95
/// the program          prompt + completion + "\n" + test + "\ncheck(" + entry_point + ")"
/// ```
///
/// The program's two halves run apart ([dev.razor.core.sandbox.PythonTests]): prompt and completion in one
/// process; the prompt, whose helpers some tests call, and the test in another. The harness runs them in one.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/humaneval">
///     tasks/humaneval</a>
public enum HumanEval {
    COMPLETION("humaneval", 1.0, false),
    INSTRUCT("humaneval_instruct", 4.0, false),
    COMPLETION_64("humaneval_64", 1.0, true),
    INSTRUCT_64("humaneval_64_instruct", 3.0, true);

    /// Where generation ends, besides the end token.
    public static final List<String> STOPS = List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint");

    /// Tokens of one completion at most.
    public static final int MAX_NEW_TOKENS = 1024;

    private static final Decoding SAMPLED = new Decoding(0.2, 0.95, 64);
    private static final String FENCE = "```";
    private static final BenchmarkFiles FILES = new BenchmarkFiles(
            "humaneval",
            List.of("humaneval", "openai_humaneval"),
            List.of(List.of("task_id", "prompt", "entry_point", "test")));

    private final String taskName;
    private final double version;
    private final boolean sampled;

    HumanEval(String taskName, double version, boolean sampled) {
        this.taskName = taskName;
        this.version = version;
        this.sampled = sampled;
    }

    /// A function to write.
    ///
    /// @param taskId such as `HumanEval/0`
    /// @param prompt imports, helpers, and the function's head with its description
    /// @param entryPoint the function's name
    /// @param test Python that defines `check(candidate)`
    public record Problem(String taskId, String prompt, String entryPoint, String test) {

        /// What decides whether `completion` is right. As in the harness, nothing is cut off it here.
        public PythonTest pythonTest(String completion) {
            // The second line end is the one that the test begins with where both stand in one file.
            return new PythonTest(
                    prompt + completion + "\n\n", entryPoint, prompt, test + "\ncheck(" + entryPoint + ")");
        }
    }

    /// The task of this name; absent if it is another benchmark's.
    public static Optional<HumanEval> named(String task) {
        return Arrays.stream(values())
                .filter(each -> each.taskName.equals(task))
                .findFirst();
    }

    /// As [#named], for a command that knows no other tasks.
    public static HumanEval require(String task) {
        return named(task)
                .orElseThrow(() -> new ConfigException("tasks: only %s run code, got %s; take one of them"
                        .formatted(
                                Arrays.stream(values()).map(HumanEval::taskName).collect(Collectors.joining(", ")),
                                task)));
    }

    public String taskName() {
        return taskName;
    }

    /// The version of the harness's definition.
    public double version() {
        return version;
    }

    /// How its completions are written.
    public Decoding decoding() {
        return sampled ? SAMPLED : Decoding.GREEDY;
    }

    /// The k of the pass@k that it reports.
    public List<Integer> passAt() {
        return sampled ? List.of(2, 8, 16, 32, 64) : List.of(1);
    }

    /// What the model is given: the text to go on with, or what the user says.
    public String promptText(Problem problem) {
        return switch (this) {
            case COMPLETION, COMPLETION_64 -> problem.prompt();
            case INSTRUCT, INSTRUCT_64 ->
                "Write a solution to the following problem and make sure that it passes the tests:\n" + "```python\n"
                        + problem.prompt() + "\n```\n";
        };
    }

    /// How the model's answer begins, before it goes on by itself.
    public String answerPrefix(Problem problem) {
        return switch (this) {
            case COMPLETION, COMPLETION_64 -> "";
            case INSTRUCT, INSTRUCT_64 -> "Here is the completed function:\n```python\n" + problem.prompt() + "\n";
        };
    }

    /// What of a response, already cut at the stops, follows the prompt in the program.
    public String completion(String response) {
        return switch (this) {
            case COMPLETION, COMPLETION_64 -> response;
            case INSTRUCT, INSTRUCT_64 -> {
                int fence = response.indexOf(FENCE);
                yield fence < 0 ? response : response.substring(0, fence);
            }
        };
    }

    /// The problems, in the order of their file: `HumanEval.jsonl[.gz]`, JSON or Parquet.
    ///
    /// @param data the file, or a folder that holds it
    public static List<Problem> problems(Path data) {
        Path file = FILES.find(data).path();
        FilesRead.add(file);
        Set<String> seen = new HashSet<>();
        return DataFiles.map(file, record -> {
            String id = record.text("task_id");
            if (!seen.add(id)) {
                throw record.problem("task_id", "must be there once, got %s again; remove one".formatted(id));
            }
            String name = record.text("entry_point");
            if (!name.matches("[\\p{L}_][\\p{L}\\p{N}_]*")) {
                throw new DataException("%s: entry_point: must be the name of a function, got '%s'; correct it"
                        .formatted(record.place(), name));
            }
            return new Problem(id, record.text("prompt"), name, record.text("test"));
        });
    }
}
