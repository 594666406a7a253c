package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import dev.razor.eval.Evaluator;
import dev.razor.eval.MultipleChoiceBenchmark;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TaskResult;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.benchmarks.Benchmarks;
import dev.razor.eval.benchmarks.Mmlu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `multiple_choice.json`: benchmarks run from their raw records, each request and each score against the
/// harness's.
///
/// A run's name says how it asks: `zero_shot` or `mmlu_5_shot` how many examples stand before a question,
/// `..._chat_template` that it is put as a conversation.
final class MultipleChoiceChecks {

    private static final Pattern SHOTS = Pattern.compile("(?:^|_)(zero|\\d{1,3})_shot(?:_|$)");

    private MultipleChoiceChecks() {}

    static void check(Subject subject, Judge judge) {
        GoldenValue golden = subject.json("multiple_choice.json");
        GoldenValue runs = golden.get("runs");
        try (RawRecords records = RawRecords.write(golden.get("items_in_raw_schema"))) {
            for (String run : runs.keys()) {
                for (String task : runs.get(run).keys()) {
                    String name = "multiple_choice.%s.%s".formatted(run, task);
                    judge.attempt(name, () -> {
                        Evaluator.Options options = options(subject, runs, run);
                        run(
                                subject,
                                judge,
                                name,
                                benchmark(records, task),
                                records,
                                options,
                                runs.get(run).get(task));
                    });
                }
            }
        }
    }

    private static Evaluator.Options options(Subject subject, GoldenValue runs, String run) {
        Matcher shots = SHOTS.matcher(run);
        if (!shots.find()) {
            throw new DataException("%s: the name of run %s does not say how many examples it shows, such as 5_shot"
                    .formatted(runs.where(), run));
        }
        int examples = shots.group(1).equals("zero") ? 0 : Integer.parseInt(shots.group(1));
        PromptStyle style = run.endsWith("chat_template")
                ? new PromptStyle.Chat(messages -> subject.tokenizer()
                        .requireChatTemplate()
                        .render(
                                messages.stream()
                                        .map(message -> {
                                            Map<String, Object> fields = new LinkedHashMap<>();
                                            fields.put("role", message.role());
                                            fields.put("content", message.content());
                                            return fields;
                                        })
                                        .toList(),
                                null,
                                true))
                : new PromptStyle.Plain();
        return new Evaluator.Options(OptionalInt.empty(), examples, style);
    }

    private static MultipleChoiceBenchmark benchmark(RawRecords records, String task) {
        String subject = task.startsWith("mmlu_") ? task.substring("mmlu_".length()) : "";
        return records.mmluSubjects().contains(subject)
                ? Mmlu.ofSubject(subject)
                : Benchmarks.named(task, records.directory());
    }

    private static void run(
            Subject subject,
            Judge judge,
            String name,
            MultipleChoiceBenchmark benchmark,
            RawRecords records,
            Evaluator.Options options,
            GoldenValue golden) {
        List<TokenizedRequest> requests = new ArrayList<>();
        var model = new Scoring(subject.base());
        var evaluator = new Evaluator(Scoring.pairs(subject), asked -> {
            requests.addAll(asked);
            return model.score(asked);
        });
        TaskResult result =
                evaluator.run(benchmark, records.directory(), options).tasks().getFirst();
        new ChoiceFindings(result, requests, golden).judge(name, judge);
    }
}
