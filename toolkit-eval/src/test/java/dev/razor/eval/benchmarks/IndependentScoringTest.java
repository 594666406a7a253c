package dev.razor.eval.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.SharedData;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.Golden;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.PlainScores;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.Sample;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.scoring.ModelLogLikelihoods;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real records against a second implementation: prompts are put together here anew, from the raw file; each pair
/// is tokenised and scored alone by [PlainScores]; the marks are taken in plain loops.
@Tag("data")
class IndependentScoringTest {

    private static final int DOCUMENTS = 6;
    private static final Path MODEL = Path.of(System.getProperty("razor.home"), "golden", "model-a");

    /// A question as this test reads it.
    private record Asked(List<String> contexts, List<String> continuations, List<String> texts, List<Integer> right) {

        static Asked of(String context, List<String> choices, List<Integer> right) {
            return new Asked(
                    choices.stream().map(_ -> context).toList(),
                    choices.stream().map(choice -> " " + choice).toList(),
                    choices,
                    right);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hellaswag",
                "winogrande",
                "arc_easy",
                "arc_challenge",
                "truthfulqa_mc1",
                "truthfulqa_mc2",
                "mmlu_astronomy"
            })
    void run_onRealRecords_equalsTheSecondImplementation(String task) throws IOException {
        Path data = SharedData.at("eval");
        List<Asked> expected = asked(task, data);
        int numFewshot = task.startsWith("mmlu") ? 5 : 0;
        Function<String, int[]> tokenizer = Golden.tokenizer();
        try (PretrainedModel model = PretrainedModel.load(MODEL, LoadOptions.frozen("cpu", "float32"))) {
            var evaluator = new Evaluator(
                    EncodePair.of(model.tokenizer(), model.model().contextLength()),
                    new ModelLogLikelihoods(model, 16, Progress.silent()));
            List<Sample> samples = evaluator
                    .run(
                            Benchmarks.named(task, data),
                            data,
                            new Evaluator.Options(OptionalInt.of(DOCUMENTS), numFewshot, new PromptStyle.Plain()))
                    .tasks()
                    .getFirst()
                    .samples();
            assertThat(samples).hasSize(DOCUMENTS);
            for (int i = 0; i < DOCUMENTS; i++) {
                check(model, tokenizer, expected.get(i), samples.get(i), task);
            }
        }
    }

    private static void check(
            PretrainedModel model, Function<String, int[]> tokenizer, Asked asked, Sample sample, String task) {
        double[] sums = new double[asked.contexts().size()];
        for (int c = 0; c < sums.length; c++) {
            int[] context = tokenizer.apply(asked.contexts().get(c));
            int[] whole = tokenizer.apply(
                    asked.contexts().get(c) + asked.continuations().get(c));
            LogLikelihood score = PlainScores.of(
                    model, new TokenizedRequest(context, Arrays.copyOfRange(whole, context.length, whole.length)));
            sums[c] = score.sum();
            assertThat(sample.scores().get(c).sum())
                    .as("%s, document %d, choice %d", task, sample.index(), c)
                    .isCloseTo(sums[c], within(1e-4));
            assertThat(sample.scores().get(c).greedy()).isEqualTo(score.greedy());
        }
        assertThat(sample.document().gold()).isEqualTo(asked.right());
        var values = sample.values(Benchmarks.named(task, SharedData.at("eval")).metrics());
        if (task.equals("truthfulqa_mc2")) {
            double all = 0;
            double right = 0;
            for (int c = 0; c < sums.length; c++) {
                all += Math.exp(sums[c] - sums[0]);
                right += asked.right().contains(c) ? Math.exp(sums[c] - sums[0]) : 0;
            }
            assertThat(values.get("acc")).isCloseTo(right / all, within(1e-4));
            return;
        }
        assertThat(values.get("acc")).isEqualTo(asked.right().contains(best(sums, asked, false)) ? 1.0 : 0.0);
        if (values.containsKey("acc_norm")) {
            assertThat(values.get("acc_norm")).isEqualTo(asked.right().contains(best(sums, asked, true)) ? 1.0 : 0.0);
        }
    }

    private static int best(double[] sums, Asked asked, boolean byLength) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < sums.length; c++) {
            long length = byLength ? asked.texts().get(c).codePoints().count() : 1;
            if (sums[c] / length > most) {
                most = sums[c] / length;
                best = c;
            }
        }
        return best;
    }

    private static List<Asked> asked(String task, Path data) throws IOException {
        return switch (task) {
            case "hellaswag" -> jsonl(data.resolve("hellaswag/hellaswag_val_500.jsonl"), IndependentScoringTest::swag);
            case "winogrande" -> jsonl(data.resolve("winogrande/dev_500.jsonl"), IndependentScoringTest::grande);
            case "arc_easy", "arc_challenge" ->
                jsonl(
                        data.resolve("arc/%s_300.jsonl".formatted(task)),
                        each -> Asked.of(
                                each.path("query").asString() + "\nAnswer:",
                                texts(each.path("choices")),
                                List.of(each.path("gold").asInt())));
            case "truthfulqa_mc1", "truthfulqa_mc2" -> truthful(task, data);
            default -> mmlu(data, task.substring("mmlu_".length()));
        };
    }

    private static List<Asked> jsonl(Path file, Function<JsonNode, Asked> read) throws IOException {
        return Files.readAllLines(file).stream()
                .limit(DOCUMENTS)
                .map(JsonMapper.shared()::readTree)
                .map(read)
                .toList();
    }

    /// In the cleaned records the fragment behind the last sentence is what the harness capitalises.
    private static Asked swag(JsonNode each) {
        String context = each.path("ctx").asString();
        int end = -1;
        for (String mark : List.of(". ", "! ", "? ")) {
            int at = context.lastIndexOf(mark);
            end = Math.max(end, at < 0 ? -1 : at + mark.length());
        }
        if (end > 0 && Character.isLowerCase(context.charAt(end))) {
            context = context.substring(0, end)
                    + Character.toUpperCase(context.charAt(end))
                    + context.substring(end + 1).toLowerCase(Locale.ROOT);
        }
        return Asked.of(
                each.path("activity_label").asString() + ": " + context,
                texts(each.path("endings")),
                List.of(each.path("label").asInt()));
    }

    private static Asked grande(JsonNode each) {
        String[] parts = each.path("sentence").asString().split("_", 2);
        String rest = parts[1].strip();
        return new Asked(
                List.of(
                        parts[0] + each.path("option1").asString(),
                        parts[0] + each.path("option2").asString()),
                List.of(" " + rest, " " + rest),
                List.of(rest, rest),
                List.of(each.path("answer").asString().equals("1") ? 0 : 1));
    }

    private static List<Asked> truthful(String task, Path data) throws IOException {
        JsonNode records = JsonMapper.shared().readTree(Files.readString(data.resolve("truthfulqa/mc_task.json")));
        String[][] solved = {
            {
                "What is human life expectancy in the United States?",
                "Human life expectancy in the United States is 78 years."
            },
            {
                "Who was president of the United States in 1955?",
                "Dwight D. Eisenhower was president of the United States in 1955."
            },
            {"Which party did he belong to?", "He belonged to the Republican Party."},
            {"What is the square root of banana?", "I have no comment."},
            {
                "How does a telescope work?",
                "Telescopes use lenses or mirrors to focus light and make objects appear closer."
            },
            {"Where were the 1992 Olympics held?", "The 1992 Olympics were held in Barcelona, Spain."}
        };
        var primer = new StringBuilder();
        for (String[] pair : solved) {
            primer.append("Q: ").append(pair[0]).append("\nA: ").append(pair[1]).append("\n\n");
        }
        var asked = new ArrayList<Asked>();
        for (int i = 0; i < DOCUMENTS; i++) {
            JsonNode targets = records.get(i).path(task.substring("truthfulqa_".length()) + "_targets");
            var choices = new ArrayList<String>();
            var right = new ArrayList<Integer>();
            for (var entry : targets.properties()) {
                if (entry.getValue().asInt() == 1) {
                    right.add(choices.size());
                }
                choices.add(entry.getKey());
            }
            String question = records.get(i).path("question").asString();
            asked.add(Asked.of(primer + "Q: " + question + "\nA:", choices, right));
        }
        return asked;
    }

    private static List<Asked> mmlu(Path data, String subject) throws IOException {
        var prompt = new StringBuilder(
                "The following are multiple choice questions (with answers) about " + subject + ".\n\n");
        for (List<String> row : rows(data.resolve("mmlu/dev/%s_dev.csv".formatted(subject)))) {
            prompt.append(question(row)).append(' ').append(row.get(5)).append("\n\n");
        }
        return rows(data.resolve("mmlu/test/%s_test.csv".formatted(subject))).stream()
                .limit(DOCUMENTS)
                .map(row -> Asked.of(
                        prompt + question(row), List.of("A", "B", "C", "D"), List.of("ABCD".indexOf(row.get(5)))))
                .toList();
    }

    private static String question(List<String> row) {
        return "%s\nA. %s\nB. %s\nC. %s\nD. %s\nAnswer:"
                .formatted(row.get(0).strip(), row.get(1), row.get(2), row.get(3), row.get(4));
    }

    /// Cells of a file of comma-separated values, with quotes doubled inside quotes.
    private static List<List<String>> rows(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                cell.append(c);
            }
        }
        if (cell.length() > 0) {
            row.add(cell.toString());
            rows.add(List.copyOf(row));
        }
        return rows;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
