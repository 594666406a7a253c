package dev.razor.core.reward.math;

import java.util.Locale;
import java.util.regex.Pattern;

/// Takes from an answer's text what does not change its meaning: delimiters, spacing, sizes of brackets, currency
/// and degree signs, ways to write the same command.
final class AnswerText {

    private static final String[][] SPELLINGS = {
        {"−", "-"},
        {"–", "-"},
        {"×", "\\times "},
        {"·", "\\cdot "},
        {"⋅", "\\cdot "},
        {"÷", "/"},
        {"π", "\\pi "},
        {"√", "\\sqrt "},
        {"∞", "\\infty "},
        {"≤", "\\le "},
        {"≥", "\\ge "},
        {"≠", "\\ne "},
        {"∪", "\\cup "},
        {"∈", "\\in "},
        {"±", "\\pm "},
        {"°", ""},
        {"\u00a0", " "},
        {"∅", "\\emptyset "},
        {"\\%", "%"},
        {"\\$", ""},
        {"$", ""},
        {"€", ""},
        {"£", ""},
        {"{,}", ""},
        {"\\(", ""},
        {"\\)", ""},
        {"\\[", ""},
        {"\\]", ""},
        {"\\lbrace", "\\{"},
        {"\\rbrace", "\\}"},
        {"\\lvert", "|"},
        {"\\rvert", "|"},
    };

    /// A comma between groups of digits, as TeX spaces it.
    private static final Pattern THIN_COMMA = Pattern.compile(",\\s*\\\\!\\s*(?=\\d{3})");

    private static final Pattern THIN_SPACE = Pattern.compile("(?<=\\d)\\s*\\\\[!,]\\s*(?=\\d{3}(?!\\d))");

    private static final Pattern DEGREES = Pattern.compile("\\^\\s*(\\{\\s*\\\\circ\\s*}|\\\\circ)|\\\\degree");

    /// Longer names are not touched: `\leftarrow` is no `\left`.
    private static final Pattern SIZES = Pattern.compile("\\\\(?:left|right|[bB]igg?[lrm]?)(?![a-zA-Z])\\s*\\.?(?!\\d)"
            + "|\\\\(?:displaystyle|textstyle|limits|qquad|quad)(?![a-zA-Z])");

    private static final Pattern FRACTIONS = Pattern.compile("\\\\[dtc](?=frac|binom)");

    private static final Pattern SPACES = Pattern.compile("(?<!\\\\)\\\\[!,;: ]|~");

    private static final Pattern TEXT =
            Pattern.compile("\\\\(text|textbf|textit|textrm|mathrm|mathbf|mbox|mathit)\\s*\\{([^{}]*)}");

    /// `\text{18 dollars}`: a number, with its unit.
    private static final Pattern NUMBER_AS_TEXT = Pattern.compile("\\\\(?:text|mathrm|mbox)\\s*\\{(\\s*-?\\d[^{}]*)}");

    private AnswerText() {}

    /// The text in one spelling.
    static String cleaned(String answer) {
        String text = THIN_COMMA.matcher(answer).replaceAll("");
        text = THIN_SPACE.matcher(text).replaceAll("");
        text = DEGREES.matcher(text).replaceAll("");
        text = SIZES.matcher(text).replaceAll(" ");
        text = FRACTIONS.matcher(text).replaceAll("\\\\");
        for (String[] spelling : SPELLINGS) {
            text = text.replace(spelling[0], spelling[1]);
        }
        text = NUMBER_AS_TEXT.matcher(text).replaceAll("$1");
        text = SPACES.matcher(text).replaceAll(" ").strip();
        while (text.endsWith(".") || text.endsWith(",") || text.endsWith("\\")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text;
    }

    /// What is left of cleaned text for a comparison letter by letter: no white space, no marks of text, and the
    /// letters of words in lower case. `(C)` is `C`.
    static String plain(String cleaned) {
        // "1, 234" is a list, "1,234" a number.
        String text = TEXT.matcher(cleaned)
                .replaceAll("$2")
                .replaceAll("(?<=\\d),\\s+(?=\\d{3}(?!\\d))", ";")
                .replaceAll("\\s+", "");
        if (text.matches("\\(\\p{L}+\\)")) {
            text = text.substring(1, text.length() - 1);
        }
        return isWord(text) ? text.toLowerCase(Locale.ROOT) : text;
    }

    /// Whether cleaned text is words, which are never read as a product of variables.
    static boolean isWords(String cleaned) {
        return isWord(TEXT.matcher(cleaned).replaceAll("$2").replaceAll("[\\s.']+", ""));
    }

    private static boolean isWord(String text) {
        return text.length() > 2 && text.chars().allMatch(Character::isLetter);
    }
}
