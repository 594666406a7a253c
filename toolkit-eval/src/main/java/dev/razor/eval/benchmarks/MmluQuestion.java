package dev.razor.eval.benchmarks;

import dev.razor.eval.Choice;
import dev.razor.eval.Document;
import dev.razor.eval.Example;
import dev.razor.eval.PythonStrings;
import java.util.List;

/// One question of MMLU.
///
/// @param options the four answers, which stand in the query; what is scored is their letter
/// @param answer the index of the right one
record MmluQuestion(String question, List<String> options, int answer) {

    static final List<String> LETTERS = List.of("A", "B", "C", "D");

    Document document(String subject, List<MmluQuestion> examples) {
        String description = "The following are multiple choice questions (with answers) about %s.\n\n"
                .formatted(subject.replace('_', ' '));
        String query = query();
        return new Document(
                description,
                examples.stream()
                        .map(example -> new Example(example.query(), LETTERS.get(example.answer())))
                        .toList(),
                LETTERS.stream().map(letter -> new Choice(query, letter)).toList(),
                List.of(answer));
    }

    private String query() {
        var query = new StringBuilder(PythonStrings.strip(question));
        for (int i = 0; i < LETTERS.size(); i++) {
            query.append('\n').append(LETTERS.get(i)).append(". ").append(options.get(i));
        }
        return query.append("\nAnswer:").toString();
    }
}
