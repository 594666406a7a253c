package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.Example;
import dev.razor.eval.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A record of a benchmark's file and the question it became.
///
/// @param source the record, by which two questions are the same or not
record Question(JsonNode source, Document document) {

    /// lm-evaluation-harness's seed of few-shot examples.
    private static final long SEED = 1234;

    /// The question with its right answer.
    private Example solved() {
        Choice right = document.choices().get(document.gold().getFirst());
        return new Example(right.query(), right.text());
    }

    static List<Document> documents(List<Question> questions) {
        return questions.stream().map(Question::document).toList();
    }

    /// The questions, each after `count` solved ones of `pool`, as lm-evaluation-harness's default sampler draws
    /// them: one generator for the task, seeded with 1234, and one `sample` a question in the order of the
    /// questions. So the examples of a question depend on how many stand before it.
    ///
    /// @param dropsAsked draws one more and leaves out the question itself if it is among them, which the harness
    ///     does where the split of the examples and the test split are the same in the task's file, both absent
    ///     included
    /// @throws ConfigException if the pool is too small
    static List<Document> withExamples(
            String benchmark, List<Question> questions, List<Question> pool, int count, boolean dropsAsked) {
        int drawn = dropsAsked ? count + 1 : count;
        if (pool.size() < drawn) {
            throw new ConfigException("num_fewshot: %s has %d solved questions to draw %d from, got %d; lower it"
                    .formatted(benchmark, pool.size(), drawn, count));
        }
        var random = new PythonRandom(SEED);
        var documents = new ArrayList<Document>();
        for (Question question : questions) {
            List<Example> examples = Arrays.stream(random.sample(pool.size(), drawn))
                    .mapToObj(pool::get)
                    .filter(each -> !dropsAsked || !each.source().equals(question.source()))
                    .limit(count)
                    .map(Question::solved)
                    .toList();
            documents.add(question.document().after(examples));
        }
        return List.copyOf(documents);
    }
}
