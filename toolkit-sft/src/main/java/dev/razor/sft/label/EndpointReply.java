package dev.razor.sft.label;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A server's answer: a chat completion, or its words on what is wrong. Nothing about it is taken for granted.
final class EndpointReply {

    private static final int LONGEST_WORDS = 300;
    private static final Set<String> ENDED = Set.of("stop", "eos", "eos_token", "end_turn", "stop_sequence");

    private final String body;
    private final JsonNode json;

    EndpointReply(String body) {
        this.body = body;
        this.json = parsed(body);
    }

    private static JsonNode parsed(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    /// The first choice:
    ///
    /// ```
    /// {"choices": [{"message": {"content": "...", "refusal": null}, "finish_reason": "stop"}]}
    /// ```
    ///
    /// A reason other than that it ended, ran out of length or was filtered, and a message without text, make it
    /// a failed one: calls of tools are no text, and an unknown ending may be a cut.
    Sample sample() {
        JsonNode choice = json.path("choices").path(0);
        JsonNode message = choice.path("message");
        String reason = text(choice.path("finish_reason"));
        String content = text(message.path("content"));
        if (reason.equals("content_filter") || !text(message.path("refusal")).isEmpty()) {
            return new Sample(Sample.Ending.REFUSED, "");
        }
        if (reason.equals("length")) {
            return new Sample(Sample.Ending.TRUNCATED, "");
        }
        boolean usable = ENDED.contains(reason) && !content.isEmpty() && isText(content);
        return usable ? new Sample(Sample.Ending.STOPPED, content) : Sample.failed();
    }

    /// Whether the account is used up, which waiting does not help.
    boolean isQuota() {
        JsonNode error = json.path("error");
        return text(error.path("code")).equals("insufficient_quota")
                || text(error.path("type")).equals("insufficient_quota");
    }

    /// What the server says is wrong, short and in one line.
    String problem() {
        for (JsonNode words : new JsonNode[] {
            json.path("error").path("message"), json.path("error"), json.path("message"), json.path("detail")
        }) {
            if (!text(words).isEmpty()) {
                return shortened(text(words));
            }
        }
        return body.isBlank() ? "without a word" : shortened(body);
    }

    /// A text of at most 300 characters in one line, without characters that steer a terminal.
    static String shortened(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}\\p{Cs}]+", " ");
        return line.length() <= LONGEST_WORDS ? line : line.substring(0, LONGEST_WORDS) + "...";
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : "";
    }

    /// Whether there is no half of a surrogate pair, which no file can hold.
    private static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
