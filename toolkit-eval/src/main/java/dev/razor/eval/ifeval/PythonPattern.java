package dev.razor.eval.ifeval;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Regular expressions as Python's `re` reads them, where Java's differ: `\s`, `\d`, `\w` and `\b` know all of
/// Unicode (and marks are no word characters), only `\n` ends a line, and case is ignored for all letters.
final class PythonPattern {

    private static final String SPACE =
            "[\\s\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    private static final String WORD = "[\\p{L}\\p{N}_]";
    private static final String BOUNDARY = "(?:(?<=%1$s)(?!%1$s)|(?<!%1$s)(?=%1$s))".formatted(WORD);

    private PythonPattern() {}

    /// `re.compile(regex)`.
    ///
    /// @throws IllegalArgumentException if it is no regular expression
    static Pattern of(String regex) {
        return compile(regex, 0);
    }

    /// `re.compile(regex, re.MULTILINE)`.
    static Pattern lines(String regex) {
        return compile(regex, Pattern.MULTILINE);
    }

    /// `re.compile(regex, re.IGNORECASE)`.
    static Pattern ignoringCase(String regex) {
        return compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static Pattern compile(String regex, int flags) {
        try {
            return Pattern.compile(translated(regex), flags | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no regular expression: %s".formatted(regex, e.getDescription()), e);
        }
    }

    private static String translated(String regex) {
        StringBuilder java = new StringBuilder();
        boolean escaped = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (!escaped) {
                escaped = c == '\\';
                java.append(escaped ? "" : String.valueOf(c));
                continue;
            }
            escaped = false;
            switch (c) {
                case 's' -> java.append(SPACE);
                case 'w' -> java.append(WORD);
                case 'd' -> java.append("\\p{Nd}");
                case 'b' -> java.append(BOUNDARY);
                default -> java.append('\\').append(c);
            }
        }
        java.append(escaped ? "\\" : "");
        return java.toString();
    }

    /// `re.findall` of a pattern without groups.
    static List<String> findAll(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /// `len(re.findall(pattern, text))`.
    static int count(Pattern pattern, String text) {
        return Math.toIntExact(pattern.matcher(text).results().count());
    }

    /// `re.split`, which keeps empty pieces at both ends. The pattern matches no empty text.
    static List<String> split(Pattern pattern, String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        int start = 0;
        while (matcher.find()) {
            Check.that(matcher.end() > matcher.start(), "a pattern to split at must not match an empty text");
            pieces.add(text.substring(start, matcher.start()));
            start = matcher.end();
        }
        pieces.add(text.substring(start));
        return pieces;
    }
}
