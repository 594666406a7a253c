package dev.razor.core.tokenizer.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into [Token]s and removes white space as Jinja does with `trim_blocks` and `lstrip_blocks` on:
///
/// - a `-` inside a tag's border removes all white space on that side, a `+` keeps it;
/// - otherwise one newline after `%}` and `#}` goes, and so do the blanks between the start of the line and
/// `{%`, `{#`;
/// - line ends become `\n`, and one newline at the end of the template goes.
///
/// @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control">Jinja: whitespace
/// control</a>
final class Lexer {

    private static final Pattern TAG_START = Pattern.compile("\\{[%{#]");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(?:(-)%}|%})");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:([-+])%}|%})");
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern EXPRESSION_TOKEN = Pattern.compile("""
            (?<name>[\\p{L}_][\\p{L}\\p{N}_]*)\
            |(?<float>\\d[\\d_]*(?:\\.\\d[\\d_]*(?:[eE][-+]?\\d+)?|[eE][-+]?\\d+))\
            |(?<integer>\\d[\\d_]*)\
            |(?<string>'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|"[^"\\\\]*+(?:\\\\.[^"\\\\]*+)*+")\
            |(?<operator>==|!=|>=|<=|//|\\*\\*|[-+*/%~\\[\\](){}<>=.:|,])""", Pattern.DOTALL);

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean atLineStart = true;

    private Lexer(String source) {
        String unified = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    }

    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher start = TAG_START.matcher(source);
        while (start.find(position)) {
            char kind = source.charAt(start.start() + 1);
            data(start.start(), kind != '{');
            Matcher raw = RAW.matcher(source).region(position, source.length());
            if (kind == '#') {
                comment();
            } else if (raw.lookingAt()) {
                raw(raw);
            } else {
                tag(kind == '{');
            }
        }
        add(Token.Kind.DATA, source.substring(position));
        add(Token.Kind.END, "");
    }

    /// Adds the text up to the tag at `end`, without what the tag's border removes.
    private void data(int end, boolean isBlock) {
        String text = source.substring(position, end);
        char sign = end + 2 < source.length() ? source.charAt(end + 2) : ' ';
        if (sign == '-') {
            text = Python.strip(text, false, true);
        } else if (sign != '+' && isBlock) {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || atLineStart)
                    && Python.strip(text.substring(lineStart), true, true).isEmpty()) {
                text = text.substring(0, lineStart);
            }
        }
        add(Token.Kind.DATA, text);
        advance(end);
    }

    private void comment() {
        int first = position + 2 + (signAt(position + 2) == ' ' ? 0 : 1);
        int end = source.indexOf("#}", first);
        if (end < 0) {
            throw new JinjaException("a comment is not closed with '#}'", line);
        }
        char sign = end > first ? signAt(end - 1) : ' ';
        advance(end + 2);
        trimAfterTag(sign, true);
    }

    private void raw(Matcher begin) {
        advance(begin.end());
        trimAfterTag(begin.group(1) == null ? '+' : '-', true);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) {
            throw new JinjaException("'raw' is not closed with 'endraw'", line);
        }
        data(end.start(), true);
        advance(end.end());
        trimAfterTag(end.group(2) == null ? ' ' : end.group(2).charAt(0), true);
    }

    private void tag(boolean isOutput) {
        add(isOutput ? Token.Kind.OUTPUT_BEGIN : Token.Kind.TAG_BEGIN, isOutput ? "{{" : "{%");
        advance(position + 2 + (signAt(position + 2) == ' ' ? 0 : 1));
        String close = isOutput ? "}}" : "%}";
        Deque<String> open = new ArrayDeque<>();
        while (true) {
            skipSpace();
            char sign = signAt(position);
            int signLength = sign == ' ' || (isOutput && sign == '+') ? 0 : 1;
            if (open.isEmpty() && source.startsWith(close, position + signLength)) {
                add(isOutput ? Token.Kind.OUTPUT_END : Token.Kind.TAG_END, close);
                advance(position + signLength + 2);
                trimAfterTag(signLength == 0 ? ' ' : sign, !isOutput);
                return;
            }
            expressionToken(open);
        }
    }

    private void expressionToken(Deque<String> open) {
        Matcher matcher = EXPRESSION_TOKEN.matcher(source).region(position, source.length());
        if (!matcher.lookingAt()) {
            String got = position < source.length()
                    ? Python.quote(source.substring(position, source.offsetByCodePoints(position, 1)))
                    : "the end of the template";
            throw new JinjaException("unexpected " + got + " inside a tag", line);
        }
        String text = matcher.group();
        if (matcher.group("name") != null) {
            add(Token.Kind.NAME, text);
        } else if (matcher.group("float") != null) {
            add(Token.Kind.FLOAT, text.replace("_", ""));
        } else if (matcher.group("integer") != null) {
            add(Token.Kind.INTEGER, text.replace("_", ""));
        } else if (matcher.group("string") != null) {
            add(Token.Kind.STRING, StringLiteral.unescape(text.substring(1, text.length() - 1), line));
        } else {
            add(Token.Kind.OPERATOR, text);
            balance(text, open);
        }
        advance(matcher.end());
    }

    /// Keeps the open brackets, because a `}}` inside them closes two dicts and not the tag.
    private void balance(String operator, Deque<String> open) {
        switch (operator) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty() || !open.pop().equals(operator)) {
                    throw new JinjaException("'" + operator + "' closes nothing", line);
                }
            }
            default -> {}
        }
    }

    private void trimAfterTag(char sign, boolean isBlock) {
        int end = position;
        if (sign == '-') {
            skipSpace();
        } else if (sign != '+' && isBlock && source.startsWith("\n", position)) {
            advance(position + 1);
        }
        atLineStart = end < position && source.charAt(position - 1) == '\n';
    }

    private void skipSpace() {
        Matcher space = SPACE.matcher(source).region(position, source.length());
        if (space.lookingAt()) {
            advance(space.end());
        }
    }

    private char signAt(int index) {
        char sign = index < source.length() ? source.charAt(index) : ' ';
        return sign == '-' || sign == '+' ? sign : ' ';
    }

    private void advance(int end) {
        for (int i = position; i < end; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        position = end;
    }

    private void add(Token.Kind kind, String text) {
        if (kind != Token.Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line));
        }
    }
}
