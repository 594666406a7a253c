package dev.razor.core.run;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Why a text is not JSON, or not the JSON that was asked for, in words for a message of one line.
public final class JsonReason {

    /// Where in its source a bracket stands, by the parser's names for it, and its advice on its own settings.
    private static final Pattern FOR_PROGRAMMERS =
            Pattern.compile(" \\((start marker|for \\w+ starting) at \\[.*]\\)|: enable `.*");

    private JsonReason() {}

    /// The parser's message without its places and advice.
    public static String of(JacksonException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("an error");
        return FOR_PROGRAMMERS.matcher(first).replaceAll("");
    }
}
