package dev.razor.core.reward.math;

import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A place in cleaned text.
final class Cursor {

    /// Commands that end a name even where letters follow: data sets have lost the space of `\pi R`.
    private static final Set<String> KNOWN = Stream.of(
                    "frac sqrt binom pi infty cdot times div cup cap in pm mp le leq leqslant ge geq geqslant lt gt ne",
                    "neq",
                    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho",
                    "sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega",
                    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log lg exp min max gcd lcm tg ctg")
            .flatMap(names -> Stream.of(names.split(" ", -1)))
            .collect(Collectors.toUnmodifiableSet());

    /// Commands that would be cut wrongly, being longer than a known one.
    private static final Set<String> WHOLE = Set.of(
            "int", "infer", "cdots", "inf", "prod", "pmod", "neg", "nexists", "text", "div", "top", "to", "triangle");

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    boolean atEnd() {
        skipSpaces();
        return at >= text.length();
    }

    /// The next character that is no space; 0 at the end.
    char peek() {
        skipSpaces();
        return look(0);
    }

    /// The character `ahead` of the next one; 0 beyond the end.
    char look(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
    }

    /// The character before the next one; 0 at the start.
    char before() {
        return at > 0 ? text.charAt(at - 1) : 0;
    }

    void advance(int characters) {
        at = Math.min(text.length(), at + characters);
    }

    /// Goes past `token` if it stands next.
    boolean take(String token) {
        skipSpaces();
        boolean here = text.startsWith(token, at);
        if (here) {
            at += token.length();
        }
        return here;
    }

    /// Goes past the command `name` if it stands next.
    boolean takeCommand(String name) {
        boolean here = command().equals(name);
        if (here) {
            at += 1 + name.length();
        }
        return here;
    }

    void expect(String token) {
        if (!take(token)) {
            throw new Unreadable("no %s where one must be".formatted(token));
        }
    }

    boolean startsWith(String token) {
        skipSpaces();
        return text.startsWith(token, at);
    }

    int mark() {
        return at;
    }

    void back(int mark) {
        at = mark;
    }

    /// The run of letters that stands next, which is not taken.
    String letters() {
        int end = at;
        while (end < text.length() && isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(at, end);
    }

    /// The name of the command that stands next, without its backslash, which is not taken; empty if none does. A
    /// command of one sign, such as `\{`, has that for a name.
    String command() {
        skipSpaces();
        if (look(0) != '\\' || at + 1 >= text.length()) {
            return "";
        }
        at++;
        String letters = letters();
        at--;
        if (letters.isEmpty()) {
            return text.substring(at + 1, at + 2);
        }
        if (KNOWN.contains(letters) || WHOLE.contains(letters) || LatexReader.COMMANDS.contains(letters)) {
            return letters;
        }
        return KNOWN.stream()
                .filter(letters::startsWith)
                .max(Comparator.comparingInt(String::length))
                .orElse(letters);
    }

    /// The digits that stand next, taken.
    String digits() {
        int start = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /// The text of `{...}`, taken, or of the one character or command that stands next.
    String raw() {
        if (peek() != '{') {
            int length = look(0) == '\\' ? 1 + command().length() : 1;
            String one = text.substring(at, Math.min(text.length(), at + length));
            advance(length);
            return one;
        }
        int depth = 0;
        int start = at + 1;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                at++;
                return text.substring(start, at - 1).strip();
            }
        }
        throw new Unreadable("a brace that is not closed");
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
