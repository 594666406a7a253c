package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.List;
import java.util.regex.Pattern;

/// Paragraphs, which one instruction separates by `***` and another by two line ends.
final class Paragraphs {

    private static final Pattern DIVIDER = PythonPattern.of("\\s?\\*\\*\\*\\s?");
    private static final String WORD_ENDS = ".,?!'\"";

    private Paragraphs() {}

    /// Paragraphs between dividers `***`; an empty first or last one does not count, and an empty one between
    /// others makes the number -1.
    static int count(String response) {
        List<String> paragraphs = PythonPattern.split(DIVIDER, response);
        int count = paragraphs.size();
        for (int i = 0; i < paragraphs.size(); i++) {
            if (PythonText.isBlank(paragraphs.get(i))) {
                if (i != 0 && i != paragraphs.size() - 1) {
                    return -1;
                }
                count--;
            }
        }
        return count;
    }

    /// Whether there are `count` paragraphs that are not empty, and the `nth` piece between two line ends, empty
    /// ones counted, begins with `word` in any case. The word ends at white space or one of `.,?!'"`.
    static boolean begins(String response, int count, int nth, String word) {
        List<String> pieces = PythonText.split(response, "\n\n");
        int paragraphs = Math.toIntExact(
                pieces.stream().filter(piece -> !PythonText.isBlank(piece)).count());
        if (nth > paragraphs) {
            return false;
        }
        String paragraph = PythonStrings.strip(pieces.get(nth - 1));
        return !paragraph.isEmpty()
                && paragraphs == count
                && firstWord(paragraph).equals(PythonText.lower(word));
    }

    private static String firstWord(String paragraph) {
        int end = 0;
        while (end < paragraph.length() && !PythonStrings.isSpace(paragraph.charAt(end))) {
            end++;
        }
        String word = PythonText.lstrip(PythonText.lstrip(paragraph.substring(0, end), '\''), '"');
        int cut = 0;
        while (cut < word.length() && WORD_ENDS.indexOf(word.charAt(cut)) < 0) {
            cut++;
        }
        return PythonText.lower(word.substring(0, cut));
    }
}
