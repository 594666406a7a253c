package dev.razor.cli;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.tokenizer.Tokenizer;
import java.util.Arrays;

/// The text of a sequence with its trained tokens marked: on a green ground and special tokens underlined, or,
/// without colors, in `[[ ]]`. Nothing in the text can steer a terminal.
///
/// A character whose bytes lie in tokens of both kinds shows as U+FFFD on each side.
record TokenText(Tokenizer tokenizer, boolean colors) {

    private static final String TRAINED = "\033[30;42m";
    private static final String SPECIAL = "\033[4m";
    private static final String PLAIN = "\033[0m";

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    /// The whole sequence, of one line or several.
    String of(TokenSequence sequence) {
        StringBuilder text = new StringBuilder();
        for (int start = 0; start < sequence.length(); ) {
            int end = start + 1;
            while (end < sequence.length() && sequence.marked()[end] == sequence.marked()[start]) {
                end++;
            }
            span(text, Arrays.copyOfRange(sequence.ids(), start, end), sequence.marked()[start]);
            start = end;
        }
        return text.toString();
    }

    /// Tokens that are all trained, or all not.
    private void span(StringBuilder text, int[] ids, boolean trained) {
        text.append(trained && !colors ? "[[" : "");
        for (int start = 0; start < ids.length; ) {
            boolean special = tokenizer.isSpecial(ids[start]);
            int end = start + 1;
            while (end < ids.length && !special && !tokenizer.isSpecial(ids[end])) {
                end++;
            }
            String shown = visible(tokenizer.decode(Arrays.copyOfRange(ids, start, end)));
            text.append(styled(shown, (trained ? TRAINED : "") + (special ? SPECIAL : "")));
            start = end;
        }
        text.append(trained && !colors ? "]]" : "");
    }

    /// The ground must not fill the rest of a line.
    private String styled(String shown, String style) {
        return style.isEmpty() || !colors ? shown : style + shown.replace("\n", PLAIN + "\n" + style) + PLAIN;
    }

    /// A text whose white space can be seen and whose control characters cannot act.
    static String visible(String text) {
        StringBuilder shown = new StringBuilder();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '\n' -> shown.append("\u21b5\n");
                case '\t' -> shown.append('\u21e5');
                case ' ' -> shown.append(isBorder(points, i - 1) || isBorder(points, i + 1) ? '\u00b7' : ' ');
                default -> {
                    if (acts(points[i])) {
                        shown.append("\\u%04x".formatted(points[i]));
                    } else {
                        shown.appendCodePoint(points[i]);
                    }
                }
            }
        }
        return shown.toString();
    }

    private static boolean isBorder(int[] points, int i) {
        return i < 0 || i >= points.length || Character.isWhitespace(points[i]);
    }

    private static boolean acts(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.SPACE_SEPARATOR -> true; // no-break and other spaces look like the usual one
            case Character.FORMAT -> point != ZERO_WIDTH_JOINER && point != ZERO_WIDTH_NON_JOINER;
            default -> false;
        };
    }
}
