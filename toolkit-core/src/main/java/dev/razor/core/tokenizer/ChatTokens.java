package dev.razor.core.tokenizer;

import dev.razor.core.base.Check;
import dev.razor.core.base.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The tokens of a conversation, and which of them the assistant wrote.
///
/// The conversation is rendered and tokenised whole. What the assistant wrote in turn `i` lies between two other
/// renderings, which must be prefixes of the whole:
///
/// ```
/// start = length(render(messages[0..i), with the generation prompt))
/// end   = length(render(messages[0..i]))
/// ```
///
/// Trained are the tokens that begin in `[start, end)`, up to the last special token in there, which is the one
/// that ends the turn (Qwen's newline after `<|im_end|>` is not trained). A token that begins before `start`
/// and reaches over it, such as two newlines in one when the answer opens with a newline, belongs to the
/// prompt.
public final class ChatTokens {

    private static final String ASSISTANT = "assistant";

    private final int[] ids;
    private final boolean[] trained;

    private ChatTokens(int[] ids, boolean[] trained) {
        this.ids = ids;
        this.trained = trained;
    }

    /// Tokenises a conversation for training.
    ///
    /// @param tools as in [ChatTemplate#render]
    public static ChatTokens conversation(
            Tokenizer tokenizer,
            List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools) {
        return of(tokenizer, messages, tools, 0, i -> "messages[" + i + "]");
    }

    /// Tokenises a conversation of which only the turns of its second part are to be trained, TRL's
    /// conversational prompt and completion.
    ///
    /// @param tools as in [ChatTemplate#render]
    public static ChatTokens conversation(
            Tokenizer tokenizer,
            List<? extends Map<String, ? extends @Nullable Object>> prompt,
            List<? extends Map<String, ? extends @Nullable Object>> completion,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools) {
        List<Map<String, ? extends @Nullable Object>> messages = new ArrayList<>(prompt);
        messages.addAll(completion);
        return of(tokenizer, messages, tools, prompt.size(), i -> "completion[" + (i - prompt.size()) + "]");
    }

    private static ChatTokens of(
            Tokenizer tokenizer,
            List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools,
            int from,
            IntFunction<String> name) {
        ChatTemplate template = tokenizer.requireChatTemplate();
        String whole = template.render(messages, tools, false);
        List<EncodedText.Token> tokens = tokenizer.encodeWithPlaces(whole).tokens();
        boolean[] trained = new boolean[tokens.size()];
        boolean any = false;
        for (int i = from; i < messages.size(); i++) {
            if (ASSISTANT.equals(messages.get(i).get("role"))) {
                String before = template.render(messages.subList(0, i), tools, true);
                String after = template.render(messages.subList(0, i + 1), tools, false);
                requirePrefix(before, after, name.apply(i));
                requirePrefix(after, whole, name.apply(i));
                mark(trained, tokens, whole, new Turn(name.apply(i), before.length(), after.length()), tokenizer);
                any = true;
            }
        }
        if (!any) {
            throw new DataException("%s: there is no turn to train on, got the roles %s; add a turn of the %s"
                    .formatted(
                            name.apply(from).replaceFirst("\\[.*", ""),
                            messages.stream()
                                    .skip(from)
                                    .map(message -> message.get("role"))
                                    .toList(),
                            ASSISTANT));
        }
        return new ChatTokens(new EncodedText(tokens).ids(), trained);
    }

    /// The token ids of a conversation that the assistant is to continue.
    ///
    /// @param tools as in [ChatTemplate#render]
    public static int[] prompt(
            Tokenizer tokenizer,
            List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools) {
        Check.that(!messages.isEmpty(), "a prompt needs a message, got none");
        return tokenizer.encode(tokenizer.requireChatTemplate().render(messages, tools, true));
    }

    private record Turn(String name, int start, int end) {}

    private static void requirePrefix(String prefix, String whole, String turn) {
        if (!whole.startsWith(prefix)) {
            throw new DataException(
                    ("%s: the chat template renders the earlier messages differently once this turn is there"
                                    + " (some drop earlier thoughts), so the turn's place is unknown;"
                                    + " give each answer a record of its own, or use prompt and completion")
                            .formatted(turn));
        }
    }

    private static void mark(
            boolean[] trained, List<EncodedText.Token> tokens, String whole, Turn turn, Tokenizer tokenizer) {
        int first = 0;
        while (first < tokens.size() && tokens.get(first).start() < turn.start()) {
            first++;
        }
        int last = first;
        while (last < tokens.size() && tokens.get(last).start() < turn.end()) {
            last++;
        }
        last--;
        while (last >= first && !endsTurn(tokens.get(last).id(), tokenizer)) {
            last--;
        }
        if (last < first || !whole.substring(tokens.get(last).end(), turn.end()).isBlank()) {
            throw new DataException(
                    ("%s: the chat template closes this turn with no special token, so that nothing would"
                                    + " teach the model to stop, got '%s'; use another template, or prompt and completion")
                            .formatted(turn.name(), tail(whole.substring(turn.start(), turn.end()))));
        }
        for (int i = first; i <= last; i++) {
            trained[i] = true;
        }
    }

    private static boolean endsTurn(int id, Tokenizer tokenizer) {
        return tokenizer.isSpecial(id)
                || Arrays.stream(tokenizer.stopTokenIds()).anyMatch(stop -> stop == id);
    }

    private static String tail(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() > 40 ? "..." + line.substring(line.length() - 40) : line;
    }

    /// The token ids of the whole conversation.
    public int[] ids() {
        return ids.clone();
    }

    /// For each token whether it is trained.
    public boolean[] trained() {
        return trained.clone();
    }
}
