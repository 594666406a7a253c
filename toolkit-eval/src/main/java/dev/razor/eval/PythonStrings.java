package dev.razor.eval;

import java.util.Locale;

/// Python's `str` methods where Java's differ: the benchmarks are defined by Python code, and a score is only
/// comparable when the strings are equal to the last character.
public final class PythonStrings {

    /// `ŉ`, whose capital is its second character.
    private static final int APOSTROPHE_N = 0x149;

    private PythonStrings() {}

    /// Whether Python's `str.isspace` holds. Unlike [Character#isWhitespace(int)] this includes the no-break
    /// spaces and U+0085.
    public static boolean isSpace(int codePoint) {
        return switch (codePoint) {
            case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default ->
                (codePoint >= 0x09 && codePoint <= 0x0D)
                        || (codePoint >= 0x1C && codePoint <= 0x1F)
                        || (codePoint >= 0x2000 && codePoint <= 0x200A);
        };
    }

    /// `text.rstrip()`.
    public static String rstrip(String text) {
        int end = text.length();
        // Every white space character is in the basic plane, so char by char is code point by code point.
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /// `text.strip()`.
    public static String strip(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return rstrip(text.substring(start));
    }

    /// `text.capitalize()`: the first character in title case, **all others in lower case**.
    public static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        String firstText = Character.toString(first);
        // The whole text is lower-cased, not the rest alone, because the form of a final sigma depends on its
        // neighbours.
        String lower = text.toLowerCase(Locale.ROOT);
        return titleCase(first)
                + lower.substring(firstText.toLowerCase(Locale.ROOT).length());
    }

    /// The title-case form, which may be longer than one character: `ß` becomes `Ss`.
    private static String titleCase(int codePoint) {
        if (Character.isTitleCase(codePoint)) {
            return Character.toString(codePoint);
        }
        int title = Character.toTitleCase(codePoint);
        String upper = Character.toString(codePoint).toUpperCase(Locale.ROOT);
        int length = upper.codePointCount(0, upper.length());
        if (title != codePoint || length == 1) {
            return Character.toString(title);
        }
        if (codePoint == APOSTROPHE_N) {
            return upper;
        }
        int firstLength = Character.charCount(upper.codePointAt(0));
        return upper.substring(0, firstLength) + titleTail(upper.substring(firstLength));
    }

    /// What follows the capital: letters in lower case; a Greek iota, which stands for an iota subscript, as the
    /// mark.
    private static String titleTail(String rest) {
        return rest.replace('\u0399', '\u0345').toLowerCase(Locale.ROOT);
    }
}
