package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Progress;
import dev.razor.eval.partial.PartialSamples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Has a model answer the questions of a benchmark in its own words and marks the answers.
///
/// The order is: read the documents, write each as a prompt, take the answers that an interrupted evaluation
/// left, have the model write the others (longest prompts first), mark all.
public final class GenerativeEvaluator {

    private static final Logger LOG = LoggerFactory.getLogger(GenerativeEvaluator.class);

    private final Answers model;
    private final int chunk;
    private final Progress progress;

    /// @param chunk prompts given to the model at once; their answers are kept before the next are asked for
    public GenerativeEvaluator(Answers model, int chunk, Progress progress) {
        Check.that(chunk > 0, "chunk must be positive, got %d", chunk);
        this.model = model;
        this.chunk = chunk;
        this.progress = progress;
    }

    /// How to ask.
    ///
    /// @param limit how many documents, from the first; all where absent
    /// @param numFewshot how many solved examples stand before each question; the benchmark's own number where
    ///     absent
    /// @param chatTemplate whether the questions go through the chat template; some benchmarks do so always
    /// @param seed names the random numbers of answers that are sampled
    /// @param chat gives the model's chat template, or says that it has none
    public record Options(
            OptionalInt limit,
            OptionalInt numFewshot,
            boolean chatTemplate,
            long seed,
            Supplier<AnswerPrompt.Chat> chat) {

        public Options {
            Check.that(limit.orElse(1) >= 1, "limit must be at least 1, got %s", limit.orElse(1));
            Check.that(numFewshot.orElse(0) >= 0, "num_fewshot must not be negative, got %s", numFewshot.orElse(0));
        }
    }

    /// An answer that is wanted: the first of the first question, the second of it, ...
    private record Asked(int index, GenerativeDocument document, String prompt) {}

    /// The scores of `benchmark`, whose files lie at `data`.
    ///
    /// @param resume where the answers are kept until the evaluation has ended; null to keep none
    public GenerativeResult run(GenerativeBenchmark benchmark, Path data, Options options, @Nullable Resume resume) {
        try {
            require(benchmark, options);
            return run(benchmark, load(benchmark, data, options), options, resume);
        } finally {
            benchmark.close();
        }
    }

    /// Refuses a benchmark that the model cannot be asked: it has no chat template, or too short a context.
    public void require(GenerativeBenchmark benchmark, Options options) {
        model.require(benchmark.name(), benchmark.limits());
        var _ = style(benchmark, options);
    }

    /// The documents of `benchmark`, whose files lie at `data`.
    public static List<GenerativeDocument> load(GenerativeBenchmark benchmark, Path data, Options options) {
        return benchmark.load(data, shots(benchmark, options));
    }

    private static int shots(GenerativeBenchmark benchmark, Options options) {
        return options.numFewshot().orElse(benchmark.defaultNumFewshot());
    }

    /// The scores of `benchmark`, whose documents have been read.
    ///
    /// @param resume where the answers are kept until the evaluation has ended; null to keep none
    public GenerativeResult run(
            GenerativeBenchmark benchmark,
            List<GenerativeDocument> documents,
            Options options,
            @Nullable Resume resume) {
        int shots = shots(benchmark, options);
        AnswerPrompt style = style(benchmark, options);
        int repeats = benchmark.decoding().repeats();
        List<Asked> asked = new ArrayList<>();
        for (GenerativeDocument document :
                documents.subList(0, Math.min(options.limit().orElse(Integer.MAX_VALUE), documents.size()))) {
            String prompt = document.prompt(style);
            for (int i = 0; i < repeats; i++) {
                asked.add(new Asked(asked.size(), document, prompt));
            }
        }
        List<Answer> answers;
        if (resume == null) {
            answers = answers(benchmark, asked, options.seed(), null);
        } else {
            Path file = PartialSamples.file(resume.folder(), benchmark.name());
            try (PartialSamples kept =
                    PartialSamples.open(file, identity(benchmark, shots, style, options.seed(), resume))) {
                answers = answers(benchmark, asked, options.seed(), kept);
            }
        }
        List<GenerativeSample> samples =
                asked.stream().map(one -> sample(one, answers.get(one.index()))).toList();
        return new GenerativeResult(
                benchmark.name(),
                benchmark.version(),
                shots,
                documents.size(),
                benchmark.limits(),
                benchmark.metrics(),
                samples);
    }

    private static AnswerPrompt style(GenerativeBenchmark benchmark, Options options) {
        boolean chat = options.chatTemplate() || benchmark.needsChatTemplate();
        return chat ? options.chat().get() : new AnswerPrompt.Plain();
    }

    private List<Answer> answers(
            GenerativeBenchmark benchmark, List<Asked> asked, long seed, @Nullable PartialSamples kept) {
        Answer[] answers = new Answer[asked.size()];
        if (kept != null) {
            kept.done().forEach((index, line) -> {
                if (index >= 0 && index < answers.length) {
                    answers[index] = AnswerLine.read(line, asked.get(index).prompt(), benchmark.name());
                }
            });
        }
        List<Asked> missing = asked.stream()
                .filter(one -> answers[one.index()] == null)
                // Longest first: what does not fit the memory shows at once.
                .sorted(Comparator.comparingInt((Asked one) -> -one.prompt().length()))
                .toList();
        if (missing.size() < asked.size()) {
            LOG.info(
                    "{}: {} of {} answers are there already",
                    benchmark.name(),
                    asked.size() - missing.size(),
                    asked.size());
        }
        for (int start = 0; start < missing.size(); start += chunk) {
            List<Asked> some = missing.subList(start, Math.min(missing.size(), start + chunk));
            List<Request> requests = some.stream()
                    .map(one -> new Request(one.prompt(), Draws.mix(seed, one.index())))
                    .toList();
            List<Answer> given = model.complete(requests, benchmark.limits(), benchmark.decoding());
            for (int i = 0; i < some.size(); i++) {
                Asked one = some.get(i);
                answers[one.index()] = given.get(i);
                if (kept != null) {
                    kept.append(one.index(), AnswerLine.of(given.get(i), one.prompt()));
                }
            }
            int done = asked.size() - missing.size() + start + some.size();
            progress.update(benchmark.name(), done, asked.size(), "");
        }
        return new ArrayList<>(List.of(answers));
    }

    private static GenerativeSample sample(Asked asked, Answer answer) {
        return new GenerativeSample(
                asked.index(),
                asked.document(),
                asked.prompt(),
                answer,
                asked.document().grader().grade(answer.text()));
    }

    private static ObjectNode identity(
            GenerativeBenchmark benchmark, int shots, AnswerPrompt style, long seed, Resume resume) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("task", benchmark.name())
                .put("version", benchmark.version())
                .put("model_hash", resume.modelHash())
                .put("dtype", resume.dtype())
                .put("num_fewshot", shots)
                .put("chat_template", style instanceof AnswerPrompt.Chat)
                .put("max_gen_toks", benchmark.limits().maxNewTokens());
        benchmark.limits().until().forEach(node.putArray("until")::add);
        Decoding decoding = benchmark.decoding();
        if (decoding.temperature() > 0) {
            node.put("temperature", decoding.temperature())
                    .put("top_p", decoding.topP())
                    .put("repeats", decoding.repeats())
                    .put("seed", seed);
        }
        return node;
    }
}
