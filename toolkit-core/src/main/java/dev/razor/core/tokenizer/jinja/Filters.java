package dev.razor.core.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Jinja's filters, as far as chat templates use them; another name raises.
///
/// @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#builtin-filters">Jinja: built-in
/// filters</a>
final class Filters {

    private Filters() {}

    static Value apply(Value input, Arguments arguments) {
        return switch (arguments.function()) {
            case "tojson" -> JsonText.tojson(input, arguments);
            case "string" -> Value.of(Python.str(input));
            case "safe" -> input;
            case "default", "d" -> otherwise(input, arguments.bind("default_value", "boolean"));
            case "int" -> toInt(input, arguments.bind("default").get("default", Value.of(0)));
            case "float" -> toFloat(input, arguments.bind("default").get("default", new Value.Real(0)));
            case "abs" -> Operators.compare("<", input, Value.of(0)) ? Operators.negate(input) : input;
            case "trim" -> onText("strip", input, arguments);
            case "upper", "lower", "capitalize", "replace" -> onText(arguments.function(), input, arguments);
            case "indent" -> indent(Python.str(input), arguments.bind("width", "first", "blank"));
            case "length", "count" -> Value.of(Python.length(input));
            case "list" -> Value.list(Python.iterate(input));
            case "items" -> input instanceof Value.Undefined ? Value.list(List.of()) : Attributes.items(dict(input));
            case "dictsort" -> dictsort(input, arguments);
            case "first" -> edge(Python.iterate(input), 0, "first");
            case "last" -> edge(Python.iterate(input), -1, "last");
            case "join" -> join(input, arguments.bind("d", "attribute"));
            case "reverse" -> reverse(input);
            case "sort" -> sort(input, arguments.bind("reverse", "case_sensitive", "attribute"));
            case "unique" -> unique(Python.iterate(input));
            case "map" -> map(input, arguments);
            case "select" -> choose(input, test(arguments, 0));
            case "reject" -> choose(input, test(arguments, 0).negate());
            case "selectattr" -> choose(input, attributeTest(arguments));
            case "rejectattr" -> choose(input, attributeTest(arguments).negate());
            default ->
                throw new JinjaException("the filter '" + arguments.function() + "' is not one that Razor renders");
        };
    }

    private static Value onText(String method, Value input, Arguments arguments) {
        Value function = TextMethods.find(Python.str(input), method).orElseThrow();
        return ((Value.Function) function).body().call(arguments);
    }

    private static Value otherwise(Value input, Arguments.Bound bound) {
        boolean replaceFalse = Python.isTrue(bound.get("boolean", Value.FALSE));
        boolean keep = replaceFalse ? Python.isTrue(input) : !(input instanceof Value.Undefined);
        return keep ? input : bound.get("default_value", Value.of(""));
    }

    private static Value toInt(Value input, Value otherwise) {
        try {
            return switch (input) {
                case Value.Int number -> number;
                case Value.Bool truth -> Value.of(truth.value() ? 1 : 0);
                case Value.Real number -> new Value.Int(new BigDecimal(number.value()).toBigInteger());
                case Value.Text text -> parseInt(Python.strip(text.value(), true, true));
                case Value.Undefined undefined -> throw undefined.raise();
                case Value.None _, Value.Sequence _, Value.Dict _, Value.Namespace _, Value.Function _ -> otherwise;
            };
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Value parseInt(String text) {
        return text.matches("[-+]?\\d+")
                ? new Value.Int(new BigInteger(text))
                : new Value.Int(new BigDecimal(text).toBigInteger());
    }

    private static Value toFloat(Value input, Value otherwise) {
        try {
            if (input instanceof Value.Undefined undefined) {
                throw undefined.raise();
            }
            return input instanceof Value.Text text
                    ? new Value.Real(new BigDecimal(Python.strip(text.value(), true, true)).doubleValue())
                    : Operators.isNumber(input) ? new Value.Real(Operators.real(input)) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Value indent(String text, Arguments.Bound bound) {
        Value width = bound.get("width", Value.of(4));
        String margin = width instanceof Value.Text given ? given.value() : " ".repeat(bound.integer("width", 4));
        boolean first = Python.isTrue(bound.get("first", Value.FALSE));
        boolean blank = Python.isTrue(bound.get("blank", Value.FALSE));
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        for (int i = first ? 0 : 1; i < lines.size(); i++) {
            if (blank || !lines.get(i).isEmpty() || i == 0) {
                lines.set(i, margin + lines.get(i));
            }
        }
        return Value.of(String.join("\n", lines));
    }

    private static Map<Value, Value> dict(Value input) {
        if (input instanceof Value.Dict dict) {
            return dict.entries();
        }
        throw new JinjaException("expected a dict, got a " + Python.typeName(input));
    }

    private static Value dictsort(Value input, Arguments arguments) {
        Arguments.Bound bound = arguments.bind("case_sensitive", "by", "reverse");
        int part = bound.has("by") && bound.text("by").equals("value") ? 1 : 0;
        List<Value> pairs = new ArrayList<>(Python.iterate(Attributes.items(dict(input))));
        pairs.sort(order(bound, Value.of(part)));
        return Value.list(pairs);
    }

    private static Value sort(Value input, Arguments.Bound bound) {
        List<Value> items = new ArrayList<>(Python.iterate(input));
        items.sort(order(bound, bound.get("attribute", Value.NONE)));
        return Value.list(items);
    }

    private static Comparator<Value> order(Arguments.Bound bound, Value attribute) {
        boolean caseSensitive = Python.isTrue(bound.get("case_sensitive", Value.FALSE));
        Comparator<Value> order = Comparator.comparing(
                item -> {
                    Value key = attribute instanceof Value.None ? item : attribute(item, attribute);
                    return key instanceof Value.Text text && !caseSensitive
                            ? Value.of(text.value().toLowerCase(Locale.ROOT))
                            : key;
                },
                (a, b) -> Operators.order("<", a, b));
        return Python.isTrue(bound.get("reverse", Value.FALSE)) ? order.reversed() : order;
    }

    private static Value edge(List<Value> items, int index, String which) {
        return items.isEmpty()
                ? new Value.Undefined("there is no " + which + " item in an empty sequence")
                : items.get(index < 0 ? items.size() - 1 : index);
    }

    private static Value join(Value input, Arguments.Bound bound) {
        return Value.of(Python.iterate(input).stream()
                .map(item -> bound.has("attribute") ? attribute(item, bound.require("attribute")) : item)
                .map(Python::str)
                .collect(Collectors.joining(Python.str(bound.get("d", Value.of(""))))));
    }

    private static Value reverse(Value input) {
        if (input instanceof Value.Text text) {
            return Value.of(new StringBuilder(text.value()).reverse().toString());
        }
        List<Value> items = new ArrayList<>(Python.iterate(input));
        Collections.reverse(items);
        return Value.list(items);
    }

    /// Texts that differ in case only are the same, as Jinja's default has it.
    private static Value unique(List<Value> items) {
        List<Value> seen = new ArrayList<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : items) {
            Value key = item instanceof Value.Text text ? Value.of(text.value().toLowerCase(Locale.ROOT)) : item;
            if (seen.stream().noneMatch(other -> Python.equal(other, key))) {
                seen.add(key);
                kept.add(item);
            }
        }
        return Value.list(kept);
    }

    private static Value map(Value input, Arguments arguments) {
        if (arguments.named().containsKey("attribute")) {
            Arguments.Bound bound = arguments.bind("attribute", "default");
            return Value.list(Python.iterate(input).stream()
                    .map(item -> attribute(item, bound.require("attribute")))
                    .map(value -> value instanceof Value.Undefined ? bound.get("default", value) : value)
                    .toList());
        }
        Arguments inner =
                new Arguments(argument(arguments, 0), arguments.skip(1).positional(), arguments.named());
        return Value.list(
                Python.iterate(input).stream().map(item -> apply(item, inner)).toList());
    }

    private static Value choose(Value input, Predicate<Value> keep) {
        return Value.list(Python.iterate(input).stream().filter(keep).toList());
    }

    private static Predicate<Value> attributeTest(Arguments arguments) {
        Value attribute = Value.of(argument(arguments, 0));
        Predicate<Value> test = test(arguments, 1);
        return item -> test.test(attribute(item, attribute));
    }

    /// The test that the argument at `index` names; truth if there is none.
    private static Predicate<Value> test(Arguments arguments, int index) {
        if (arguments.positional().size() <= index) {
            return Python::isTrue;
        }
        Arguments inner = new Arguments(
                argument(arguments, index), arguments.skip(index + 1).positional(), arguments.named());
        return item -> TypeTests.holds(item, inner);
    }

    private static String argument(Arguments arguments, int index) {
        if (arguments.positional().size() <= index) {
            throw new JinjaException("the filter '" + arguments.function() + "' needs an argument");
        }
        return Python.requireText(arguments.positional().get(index), arguments.function());
    }

    /// The attribute at a path such as `function.name`.
    private static Value attribute(Value item, Value path) {
        if (!(path instanceof Value.Text text)) {
            return Attributes.item(item, path);
        }
        Value found = item;
        for (String part : text.value().split("\\.", -1)) {
            found = Attributes.item(found, part.matches("\\d+") ? new Value.Int(new BigInteger(part)) : Value.of(part));
        }
        return found;
    }
}
