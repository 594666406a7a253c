package dev.razor.eval;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;

/// One question of a multiple-choice benchmark.
///
/// @param description what stands before the examples, empty for most benchmarks
/// @param examples solved questions to show first
/// @param choices the answers to choose from, at least two
/// @param gold the indices of the right ones, ascending
public record Document(String description, List<Example> examples, List<Choice> choices, List<Integer> gold) {

    public Document {
        examples = List.copyOf(examples);
        choices = List.copyOf(choices);
        gold = List.copyOf(gold);
        Check.that(choices.size() >= 2, "a document needs at least two choices, got %s", choices.size());
        Check.that(!gold.isEmpty(), "a document needs a right answer");
        for (int index : gold) {
            Check.that(index >= 0 && index < choices.size(), "gold must be one of the choices, got %s", index);
        }
    }

    /// A question with one context for all answers and neither description nor examples.
    public static Document of(String query, List<String> answers, List<Integer> gold) {
        return new Document(
                "",
                List.of(),
                answers.stream().map(answer -> new Choice(query, answer)).toList(),
                gold);
    }

    /// The same question after `shown`.
    public Document after(List<Example> shown) {
        return new Document(description, shown, choices, gold);
    }

    /// What the model has to score, one request a choice.
    public List<TextRequest> requests(PromptStyle style) {
        return choices.stream().map(choice -> request(choice, style)).toList();
    }

    private TextRequest request(Choice choice, PromptStyle style) {
        return switch (style) {
            case PromptStyle.Plain _ -> new TextRequest(plainContext(choice), " " + choice.text());
            case PromptStyle.Chat(var template) -> new TextRequest(template.apply(conversation(choice)), choice.text());
        };
    }

    private String plainContext(Choice choice) {
        var text = new StringBuilder(description);
        for (Example example : examples) {
            text.append(example.query()).append(' ').append(example.answer()).append("\n\n");
        }
        return text.append(choice.query()).toString();
    }

    private List<ChatMessage> conversation(Choice choice) {
        var messages = new ArrayList<ChatMessage>();
        if (!description.isEmpty()) {
            messages.add(new ChatMessage("system", description));
        }
        for (Example example : examples) {
            messages.add(new ChatMessage("user", example.query()));
            messages.add(new ChatMessage("assistant", example.answer()));
        }
        messages.add(new ChatMessage("user", choice.query()));
        return List.copyOf(messages);
    }
}
