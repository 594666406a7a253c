package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.List;
import java.util.regex.Pattern;

/// Counts of words and letters. Keywords are regular expressions and match within words too, forbidden words only
/// whole ones; neither minds case.
final class Words {

    private static final Pattern WORD = PythonPattern.of("\\w+");

    private Words() {}

    /// Runs of letters, digits and underscores: `don't` is two.
    static int count(String response) {
        return PythonPattern.count(WORD, response);
    }

    static boolean hasAll(String response, List<String> keywords) {
        return keywords.stream()
                .map(PythonPattern::ignoringCase)
                .allMatch(keyword -> keyword.matcher(response).find());
    }

    static boolean hasNone(String response, List<String> words) {
        return words.stream()
                .map(word -> PythonPattern.ignoringCase("\\b" + word + "\\b"))
                .noneMatch(word -> word.matcher(response).find());
    }

    static int occurrences(String response, String keyword) {
        return PythonPattern.count(PythonPattern.ignoringCase(PythonStrings.strip(keyword)), response);
    }

    static int letters(String response, String letter) {
        int wanted = PythonText.lower(letter).codePointAt(0);
        return Math.toIntExact(
                PythonText.lower(response).codePoints().filter(c -> c == wanted).count());
    }
}
