package dev.razor.core.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// The methods of Python's `str` that chat templates call.
final class TextMethods {

    private TextMethods() {}

    static Optional<Value> find(String text, String name) {
        Value.Function.Body body = switch (name) {
            case "strip" -> arguments -> strip(text, arguments, true, true);
            case "lstrip" -> arguments -> strip(text, arguments, true, false);
            case "rstrip" -> arguments -> strip(text, arguments, false, true);
            case "split" -> arguments -> Value.list(split(text, arguments));
            case "rsplit" -> arguments -> Value.list(splitFromTheRight(text, arguments));
            case "splitlines" -> _ -> Value.list(lines(text));
            case "startswith" -> arguments -> Value.of(any(arguments, text::startsWith));
            case "endswith" -> arguments -> Value.of(any(arguments, text::endsWith));
            case "removeprefix" ->
                arguments -> {
                    String prefix = only(arguments);
                    return Value.of(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
                };
            case "removesuffix" ->
                arguments -> {
                    String suffix = only(arguments);
                    return Value.of(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
                };
            case "upper" -> _ -> Value.of(text.toUpperCase(Locale.ROOT));
            case "lower" -> _ -> Value.of(text.toLowerCase(Locale.ROOT));
            case "capitalize" -> _ -> Value.of(capitalize(text));
            case "title" -> _ -> Value.of(title(text));
            case "replace" -> arguments -> replace(text, arguments.bind("old", "new", "count"));
            case "join" -> arguments -> join(text, arguments.bind("iterable").require("iterable"));
            case "find" -> arguments -> Value.of(index(text, text.indexOf(only(arguments))));
            case "rfind" -> arguments -> Value.of(index(text, text.lastIndexOf(only(arguments))));
            case "count" -> arguments -> Value.of(count(text, only(arguments)));
            case "isdigit" -> _ -> Value.of(all(text, Character::isDigit));
            case "isalpha" -> _ -> Value.of(all(text, Character::isLetter));
            case "isalnum" -> _ -> Value.of(all(text, Character::isLetterOrDigit));
            case "isspace" -> _ -> Value.of(all(text, Python::isSpace));
            default -> null;
        };
        return body == null ? Optional.empty() : Optional.of(new Value.Function(name, body));
    }

    private static String only(Arguments arguments) {
        return arguments.bind("text").text("text");
    }

    private static Value strip(String text, Arguments arguments, boolean start, boolean end) {
        Value characters = arguments.bind("characters").get("characters", Value.NONE);
        if (characters instanceof Value.None) {
            return Value.of(Python.strip(text, start, end));
        }
        String set = Python.requireText(characters, "strip()");
        int from = 0;
        int to = text.length();
        while (start && from < to && set.indexOf(text.codePointAt(from)) >= 0) {
            from = text.offsetByCodePoints(from, 1);
        }
        while (end && to > from && set.indexOf(text.codePointBefore(to)) >= 0) {
            to = text.offsetByCodePoints(to, -1);
        }
        return Value.of(text.substring(from, to));
    }

    private static List<Value> split(String text, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sep", "maxsplit");
        Value separator = bound.get("sep", Value.NONE);
        int limit = bound.integer("maxsplit", -1);
        List<Value> parts = new ArrayList<>();
        if (separator instanceof Value.None) {
            String rest = Python.strip(text, true, false);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !Python.isSpace(rest.charAt(end))) {
                    end++;
                }
                boolean last = parts.size() == limit;
                parts.add(Value.of(last ? rest : rest.substring(0, end)));
                rest = last ? "" : Python.strip(rest.substring(end), true, false);
            }
            return parts;
        }
        String mark = separatorText(separator);
        int start = 0;
        for (int i = text.indexOf(mark); i >= 0 && parts.size() != limit; i = text.indexOf(mark, start)) {
            parts.add(Value.of(text.substring(start, i)));
            start = i + mark.length();
        }
        parts.add(Value.of(text.substring(start)));
        return parts;
    }

    private static List<Value> splitFromTheRight(String text, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("sep", "maxsplit");
        String mark = separatorText(bound.require("sep"));
        int limit = bound.integer("maxsplit", -1);
        List<Value> parts = new ArrayList<>();
        int end = text.length();
        for (int i = text.lastIndexOf(mark);
                i >= 0 && parts.size() != limit;
                i = text.lastIndexOf(mark, end - mark.length())) {
            parts.addFirst(Value.of(text.substring(i + mark.length(), end)));
            end = i;
        }
        parts.addFirst(Value.of(text.substring(0, end)));
        return parts;
    }

    private static String separatorText(Value separator) {
        String mark = Python.requireText(separator, "split()");
        if (mark.isEmpty()) {
            throw new JinjaException("split() got an empty separator");
        }
        return mark;
    }

    private static List<Value> lines(String text) {
        List<Value> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.add(Value.of(line)));
        return lines;
    }

    private static boolean any(Arguments arguments, Predicate<String> matches) {
        Value wanted = arguments.bind("text").require("text");
        return wanted instanceof Value.Sequence several
                ? several.items().stream().anyMatch(one -> matches.test(Python.requireText(one, arguments.function())))
                : matches.test(Python.requireText(wanted, arguments.function()));
    }

    private static Value replace(String text, Arguments.Bound bound) {
        String old = bound.text("old");
        String replacement = bound.text("new");
        int limit = bound.integer("count", -1);
        if (limit < 0) {
            return Value.of(text.replace(old, replacement));
        }
        if (old.isEmpty()) {
            throw new JinjaException("replace() with a count needs a text to replace");
        }
        StringBuilder replaced = new StringBuilder();
        int start = 0;
        for (int i = text.indexOf(old), done = 0; i >= 0 && done < limit; i = text.indexOf(old, start), done++) {
            replaced.append(text, start, i).append(replacement);
            start = i + old.length();
        }
        return Value.of(replaced.append(text.substring(start)).toString());
    }

    private static Value join(String separator, Value iterable) {
        List<String> parts = new ArrayList<>();
        for (Value part : Python.iterate(iterable)) {
            parts.add(Python.requireText(part, "join()"));
        }
        return Value.of(String.join(separator, parts));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return Character.toString(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return titled.toString();
    }

    private static int index(String text, int charIndex) {
        return charIndex < 0 ? -1 : text.codePointCount(0, charIndex);
    }

    private static int count(String text, String part) {
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1;
        }
        int count = 0;
        for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
            count++;
        }
        return count;
    }

    private static boolean all(String text, IntPredicate holds) {
        return !text.isEmpty() && text.codePoints().allMatch(holds);
    }
}
