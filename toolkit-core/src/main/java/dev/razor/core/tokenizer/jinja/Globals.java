package dev.razor.core.tokenizer.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The functions that a chat template can call: Jinja's own, and the two that transformers adds.
final class Globals {

    private Globals() {}

    static Map<String, Value> functions(Clock clock) {
        Map<String, Value> functions = new LinkedHashMap<>();
        put(functions, "range", Globals::range);
        put(functions, "dict", arguments -> new Value.Dict(named(arguments)));
        put(functions, "namespace", Globals::namespace);
        put(functions, "raise_exception", arguments -> {
            throw new JinjaException(Python.str(arguments.bind("message").require("message")));
        });
        put(
                functions,
                "strftime_now",
                arguments -> Value.of(format(arguments.bind("format").text("format"), LocalDateTime.now(clock))));
        return functions;
    }

    private static void put(Map<String, Value> functions, String name, Value.Function.Body body) {
        functions.put(name, new Value.Function(name, body));
    }

    private static Value range(Arguments arguments) {
        List<Integer> bounds = arguments.positional().stream()
                .map(bound -> Python.requireInt(bound, "range()"))
                .toList();
        arguments.bind("start", "stop", "step").require("start");
        int start = bounds.size() == 1 ? 0 : bounds.getFirst();
        int stop = bounds.size() == 1 ? bounds.getFirst() : bounds.get(1);
        int step = bounds.size() == 3 ? bounds.get(2) : 1;
        // the reference's sandbox has the same limit
        if (step == 0 || Math.abs(((long) stop - start) / step) > 100_000) {
            throw new JinjaException("range() got a step of zero or more than 100000 numbers");
        }
        List<Value> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            numbers.add(Value.of(i));
        }
        return Value.list(numbers);
    }

    private static Map<Value, Value> named(Arguments arguments) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
        return entries;
    }

    private static Value namespace(Arguments arguments) {
        Map<String, Value> attributes = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            if (!(arguments.positional().getFirst() instanceof Value.Dict initial)) {
                throw new JinjaException("namespace() takes a dict or named arguments");
            }
            initial.entries().forEach((name, value) -> attributes.put(Python.str(name), value));
        }
        attributes.putAll(arguments.named());
        return new Value.Namespace(attributes);
    }

    private static String format(String format, LocalDateTime now) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char directive = format.charAt(++i);
            boolean unpadded = directive == '-' && i + 1 < format.length();
            if (unpadded) {
                directive = format.charAt(++i);
            }
            String field = field(directive, now);
            text.append(unpadded && field.startsWith("0") && field.length() > 1 ? field.substring(1) : field);
        }
        return text.toString();
    }

    /// One directive of C's `strftime`, in its "C" locale.
    private static String field(char directive, LocalDateTime now) {
        String pattern = switch (directive) {
            case 'd' -> "dd";
            case 'm' -> "MM";
            case 'y' -> "yy";
            case 'Y' -> "yyyy";
            case 'b' -> "MMM";
            case 'B' -> "MMMM";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            case 'F' -> "yyyy-MM-dd";
            case 'T' -> "HH:mm:ss";
            case '%' -> "'%'";
            default -> throw new JinjaException("strftime_now() does not know the directive '%" + directive + "'");
        };
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
    }
}
