package dev.razor.core.reward.math;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the answer in a solution: the content of the last closed `\boxed{}` or `\fbox{}`, else the last number.
/// One pass over the text, whatever its braces.
public final class FinalAnswer {

    /// A minus sign belongs to the number unless something that could be subtracted from stands before it.
    private static final Pattern NUMBER = Pattern.compile(
            "(?:(?<![\\p{L}\\p{N})\\]}])[-−])?(?:\\d{1,3}(?:,\\d{3})++(?!\\d)|\\d++|(?=\\.\\d))(?:\\.\\d++)?+(?:/\\d++(?:\\.\\d++)?+)?+%?");

    private FinalAnswer() {}

    /// The answer, or null if the text has neither a box nor a number.
    public static @Nullable String of(String text) {
        String boxed = boxed(text);
        return boxed != null ? boxed : lastNumber(text);
    }

    /// How many closed boxes the text has.
    public static int boxes(String text) {
        return scan(text).count;
    }

    /// The content of the box that opens last, or null if no box is closed.
    static @Nullable String boxed(String text) {
        Boxes boxes = scan(text);
        return boxes.count == 0 ? null : text.substring(boxes.start, boxes.end);
    }

    static @Nullable String lastNumber(String text) {
        Matcher matcher = NUMBER.matcher(text);
        String last = null;
        while (matcher.find()) {
            last = matcher.group();
        }
        return last;
    }

    private static Boxes scan(String text) {
        Boxes boxes = new Boxes();
        // Where each open brace's content starts, negative where the brace is no box's.
        Deque<Integer> open = new ArrayDeque<>();
        boolean afterBox = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                int name = text.startsWith("boxed", at + 1) ? 5 : text.startsWith("fbox", at + 1) ? 4 : 0;
                afterBox = name > 0;
                at += Math.max(1, name);
            } else if (c == '{') {
                open.push(afterBox ? at + 1 : -1);
                afterBox = false;
            } else if (c == '}') {
                int start = open.isEmpty() ? -1 : open.pop();
                boxes.close(start, at);
                afterBox = false;
            } else if (c != ' ') {
                afterBox = false;
            }
        }
        return boxes;
    }

    private static final class Boxes {

        private int count;
        private int start = -1;
        private int end;

        void close(int from, int to) {
            if (from >= 0) {
                count++;
            }
            if (from > start) {
                start = from;
                end = to;
            }
        }
    }
}
