package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sentences of a text, by the decisions of Punkt, which the reference uses through NLTK.
///
/// A `.`, `?` or `!` before white space or a closing sign may end a sentence; of several in one run of other
/// characters the last is looked at. [SentenceEnd] decides. Closing quotation marks and brackets at the beginning
/// of a sentence go to the one before. A line end alone separates nothing.
///
/// The rules are the reference's; what it has learned from newspapers (abbreviations, pairs of words, words that
/// stand in lower case) it has from a file that is not part of this project, see [SentenceEnd].
///
/// @see <a href="https://aclanthology.org/J06-4003/">Kiss and Strunk 2006</a>
final class Sentences {

    private static final String CLOSING = "\"'\\)\\]}\u2018\u2019\u201c\u201d\u00ab\u00bb";

    /// An end, and in front of what it stands: a sign, or white space and a word.
    private static final Pattern END =
            PythonPattern.of("[.?!](?=(?:[\\);\\*:@\\({\\[?!" + CLOSING + "]|\\s+(?<next>\\S+)))");

    private static final Pattern CLOSED = PythonPattern.lines("[" + CLOSING + "]+?(?:\\s+|(?=--)|$)");

    private Sentences() {}

    /// The sentences, none of them empty.
    static List<String> split(String text) {
        List<int[]> spans = spans(text);
        List<String> sentences = new ArrayList<>();
        int moved = 0;
        for (int i = 0; i < spans.size(); i++) {
            int start = spans.get(i)[0] + moved;
            int end = spans.get(i)[1];
            moved = 0;
            if (i + 1 < spans.size()) {
                int[] next = spans.get(i + 1);
                Matcher closed = CLOSED.matcher(text.substring(next[0], Math.max(next[0], next[1])));
                if (closed.lookingAt()) {
                    moved = closed.end();
                    end = next[0] + PythonStrings.rstrip(closed.group()).length();
                }
            }
            if (start < end) {
                sentences.add(text.substring(start, end));
            }
        }
        return sentences;
    }

    private record Candidate(int wordStart, int at, int nextStart, int nextEnd) {}

    private static List<int[]> spans(String text) {
        List<int[]> spans = new ArrayList<>();
        int start = 0;
        for (Candidate candidate : candidates(text)) {
            String word = text.substring(candidate.wordStart(), candidate.at() + 1);
            String after = text.substring(candidate.at() + 1, candidate.nextEnd());
            if (SentenceEnd.isWithin(word + after)) {
                spans.add(new int[] {start, candidate.at() + 1});
                start = candidate.nextStart();
            }
        }
        spans.add(new int[] {start, PythonStrings.rstrip(text).length()});
        return spans;
    }

    /// The last possible end of each run of characters without white space.
    private static List<Candidate> candidates(String text) {
        List<Candidate> candidates = new ArrayList<>();
        Matcher end = END.matcher(text);
        int wordStart = 0;
        int last = 0; // where the run was last looked at
        while (end.find()) {
            int space = lastSpace(text, last, end.start());
            boolean newRun = space > last;
            if (!newRun && !candidates.isEmpty()) {
                candidates.removeLast();
            }
            wordStart = newRun ? space + 1 : wordStart;
            boolean word = end.start("next") >= 0;
            candidates.add(new Candidate(
                    wordStart,
                    end.start(),
                    word ? end.start("next") : end.end(),
                    word ? end.end("next") : end.end() + 1));
            last = end.start();
        }
        return candidates;
    }

    private static int lastSpace(String text, int from, int to) {
        for (int i = to - 1; i > from; i--) {
            if (" \t\n\r\u000b\f".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return from;
    }
}
