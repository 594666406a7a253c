package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// More of Python's `str`, see [PythonStrings].
final class PythonText {

    private PythonText() {}

    /// `text.lower()`.
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// `not text.strip()`.
    static boolean isBlank(String text) {
        return PythonStrings.strip(text).isEmpty();
    }

    /// `text.lstrip(sign)` of one character.
    static String lstrip(String text, char sign) {
        int start = 0;
        while (start < text.length() && text.charAt(start) == sign) {
            start++;
        }
        return text.substring(start);
    }

    /// `text.strip(sign)` of one character.
    static String strip(String text, char sign) {
        String left = lstrip(text, sign);
        int end = left.length();
        while (end > 0 && left.charAt(end - 1) == sign) {
            end--;
        }
        return left.substring(0, end);
    }

    /// `text.removeprefix(prefix)`.
    static String removePrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    /// `text.removesuffix(suffix)`.
    static String removeSuffix(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }

    /// `text.split(separator)`.
    static List<String> split(String text, String separator) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            pieces.add(text.substring(start, at));
            start = at + separator.length();
        }
        pieces.add(text.substring(start));
        return pieces;
    }

    /// `text.isupper()`: has a letter with a case, and none that is lower or title case.
    static boolean isUpper(String text) {
        return text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c))
                && text.codePoints().anyMatch(Character::isUpperCase);
    }

    /// `text.islower()`: has a letter with a case, and none that is upper or title case.
    static boolean isLower(String text) {
        return text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c))
                && text.codePoints().anyMatch(Character::isLowerCase);
    }
}
