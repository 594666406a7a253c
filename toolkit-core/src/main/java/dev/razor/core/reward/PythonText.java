package dev.razor.core.reward;

/// What Python's `str` and `re` mean by white space and by a word's characters, where Java means something else.
final class PythonText {

    /// `\s` of a pattern of text, and what `str.strip()` takes away. Java's `strip` leaves the no-break space.
    static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

    /// `\w` of a pattern of text: `str.isalnum()` or an underscore. Java's Unicode `\w` has accents of their own
    /// too.
    static final String WORD = "[\\p{L}\\p{N}_]";

    private PythonText() {}

    /// As `text.strip()`.
    static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    static boolean isSpace(char c) {
        return switch (c) {
            case ' ', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default -> (c >= '\t' && c <= '\r') || (c >= 0x1c && c < ' ') || (c >= 0x2000 && c <= 0x200a);
        };
    }
}
