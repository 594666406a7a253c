package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.Example;
import java.util.ArrayList;
import java.util.List;

/// One question that a model answers in its own words.
///
/// @param id its name in the data, or its number
/// @param turns the prompt; where the last turn is the assistant's, the answer goes on with it
/// @param target the right answer as logs show it
/// @param grader marks an answer
public record GenerativeDocument(String id, List<Turn> turns, String target, Grader grader) {

    public GenerativeDocument {
        turns = List.copyOf(turns);
        Check.that(!turns.isEmpty(), "a document needs a prompt");
    }

    /// A question after solved examples: plain text is `query answer`, a blank line between them.
    public static GenerativeDocument of(String id, List<Example> examples, String query, String target, Grader grader) {
        List<Turn> turns = new ArrayList<>();
        for (Example example : examples) {
            turns.add(new Turn("user", example.query(), " "));
            turns.add(new Turn("assistant", example.answer(), "\n\n"));
        }
        turns.add(new Turn("user", query, ""));
        return new GenerativeDocument(id, turns, target, grader);
    }

    /// The text that the model goes on with.
    public String prompt(AnswerPrompt style) {
        return switch (style) {
            case AnswerPrompt.Plain _ -> plain();
            case AnswerPrompt.Chat(var template) -> chat(template);
        };
    }

    private String plain() {
        StringBuilder text = new StringBuilder();
        turns.forEach(turn -> text.append(turn.content()).append(turn.delimiter()));
        return text.toString();
    }

    private String chat(AnswerPrompt.Template template) {
        List<ChatMessage> messages = turns.stream()
                .map(turn -> new ChatMessage(turn.role(), turn.content()))
                .toList();
        ChatMessage last = messages.getLast();
        return last.role().equals("assistant")
                ? AnswerPrompt.endingIn(last.content(), template.render(messages, false))
                : template.render(messages, true);
    }
}
