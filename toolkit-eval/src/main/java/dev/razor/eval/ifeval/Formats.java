package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Marks and forms that a response must have.
final class Formats {

    private static final Pattern PLACEHOLDER = PythonPattern.of("\\[.*?\\]");
    private static final Pattern STAR_BULLET = PythonPattern.lines("^\\s*\\*[^\\*].*$");
    private static final Pattern DASH_BULLET = PythonPattern.lines("^\\s*-.*$");
    private static final Pattern HIGHLIGHT = PythonPattern.of("\\*[^\\n\\*]*\\*");
    private static final Pattern DOUBLE_HIGHLIGHT = PythonPattern.of("\\*\\*[^\\n\\*]*\\*\\*");
    private static final Pattern TITLE = PythonPattern.of("<<[^\\n]+>>");
    private static final List<String> OPTIONS = List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");
    private static final List<String> FENCES = List.of("```json", "```Json", "```JSON", "```");

    /// Reads what Python's `json.loads` reads: NaN and infinities too, one value and nothing after it.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Formats() {}

    /// `[...]` within a line.
    static int placeholders(String response) {
        return PythonPattern.count(PLACEHOLDER, response);
    }

    /// Lines that begin with one star or with a dash.
    static int bullets(String response) {
        return PythonPattern.count(STAR_BULLET, response) + PythonPattern.count(DASH_BULLET, response);
    }

    /// Whether one of the three allowed answers is in the response, in this spelling.
    static boolean isConstrained(String response) {
        return OPTIONS.stream().anyMatch(response::contains);
    }

    /// `*text*` and `**text**` within a line. Each is looked for apart, so that `**text**` counts as often as
    /// both patterns find it.
    static int highlights(String response) {
        long single = PythonPattern.findAll(HIGHLIGHT, response).stream()
                .filter(found -> !PythonText.isBlank(PythonText.strip(found, '*')))
                .count();
        long pairs = PythonPattern.findAll(DOUBLE_HIGHLIGHT, response).stream()
                .filter(found ->
                        !PythonText.isBlank(PythonText.removeSuffix(PythonText.removePrefix(found, "**"), "**")))
                .count();
        return Math.toIntExact(single + pairs);
    }

    /// Headings of the form `Section 1`.
    static int sections(String response, String heading) {
        return PythonPattern.count(PythonPattern.of("\\s?" + PythonStrings.strip(heading) + "\\s?\\d+\\s?"), response);
    }

    static boolean hasPostscript(String response, String marker) {
        String regex = switch (PythonStrings.strip(marker)) {
            case "P.P.S" -> "\\s*p\\.\\s?p\\.\\s?s.*$";
            case "P.S." -> "\\s*p\\.\\s?s\\..*$";
            default -> "\\s*" + PythonText.lower(PythonStrings.strip(marker)) + ".*$";
        };
        return PythonPattern.lines(regex).matcher(PythonText.lower(response)).find();
    }

    /// Whether the response, code fences around it aside, is one JSON value.
    static boolean isJson(String response) {
        String json = PythonStrings.strip(response);
        for (String fence : FENCES) {
            json = PythonText.removePrefix(json, fence);
        }
        json = PythonStrings.strip(PythonText.removeSuffix(json, "```"));
        if (json.isEmpty()) {
            return false;
        }
        try {
            JSON.readTree(json);
            return true;
        } catch (JacksonException _) {
            return false;
        }
    }

    /// `<<title>>` within a line.
    static boolean hasTitle(String response) {
        return PythonPattern.findAll(TITLE, response).stream()
                .map(found -> {
                    String left = PythonText.lstrip(found, '<');
                    int end = left.length();
                    while (end > 0 && left.charAt(end - 1) == '>') {
                        end--;
                    }
                    return left.substring(0, end);
                })
                .anyMatch(title -> !PythonText.isBlank(title));
    }

    /// Two different texts with `******` between them, and perhaps before the first and after the last.
    static boolean isTwoResponses(String response) {
        List<String> pieces = PythonText.split(response, "******");
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            if (!PythonText.isBlank(pieces.get(i))) {
                answers.add(PythonStrings.strip(pieces.get(i)));
            } else if (i != 0 && i != pieces.size() - 1) {
                return false;
            }
        }
        return answers.size() == 2 && !answers.getFirst().equals(answers.getLast());
    }

    /// Whether the response begins with the prompt, in any case.
    static boolean repeats(String response, String prompt) {
        return PythonText.lower(PythonStrings.strip(response))
                .startsWith(PythonText.lower(PythonStrings.strip(prompt)));
    }

    /// Whether the response ends with the phrase, in any case and quotation marks around the response aside.
    static boolean endsWith(String response, String phrase) {
        return PythonText.lower(PythonText.strip(PythonStrings.strip(response), '"'))
                .endsWith(PythonText.lower(PythonStrings.strip(phrase)));
    }

    static boolean isQuoted(String response) {
        String text = PythonStrings.strip(response);
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    }
}
