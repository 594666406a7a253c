package dev.razor.core.tokenizer.jinja;

import java.util.Locale;

/// Jinja's tests, as in `value is defined`; another name raises.
///
/// @see <a href="https://jinja.palletsprojects.com/en/stable/templates/#builtin-tests">Jinja: built-in tests</a>
final class TypeTests {

    private TypeTests() {}

    static boolean holds(Value value, Arguments arguments) {
        return switch (arguments.function()) {
            case "defined" -> !(value instanceof Value.Undefined);
            case "undefined" -> value instanceof Value.Undefined;
            case "none" -> value instanceof Value.None;
            case "boolean" -> value instanceof Value.Bool;
            case "true" -> value.equals(Value.TRUE);
            case "false" -> value.equals(Value.FALSE);
            case "string" -> value instanceof Value.Text;
            case "integer" -> value instanceof Value.Int;
            case "float" -> value instanceof Value.Real;
            case "number" -> Operators.isNumber(value);
            case "mapping" -> value instanceof Value.Dict;
            // a str and a dict have a length and elements, and so Jinja calls them sequences
            case "sequence", "iterable" ->
                switch (value) {
                    case Value.Text _, Value.Sequence _, Value.Dict _, Value.Undefined _ -> true;
                    case Value.None _, Value.Bool _, Value.Int _, Value.Real _, Value.Namespace _, Value.Function _ ->
                        false;
                };
            case "callable" -> value instanceof Value.Function;
            case "odd" -> Python.equal(Operators.binary("%", value, Value.of(2)), Value.of(1));
            case "even" -> Python.equal(Operators.binary("%", value, Value.of(2)), Value.of(0));
            case "divisibleby" -> Python.equal(Operators.binary("%", value, other(arguments)), Value.of(0));
            case "lower" -> Python.str(value).equals(Python.str(value).toLowerCase(Locale.ROOT));
            case "upper" -> Python.str(value).equals(Python.str(value).toUpperCase(Locale.ROOT));
            case "eq", "equalto", "sameas" -> Python.equal(value, other(arguments));
            case "ne" -> !Python.equal(value, other(arguments));
            case "lt", "lessthan" -> Operators.compare("<", value, other(arguments));
            case "le" -> Operators.compare("<=", value, other(arguments));
            case "gt", "greaterthan" -> Operators.compare(">", value, other(arguments));
            case "ge" -> Operators.compare(">=", value, other(arguments));
            case "in" -> Operators.compare("in", value, other(arguments));
            default ->
                throw new JinjaException("the test '" + arguments.function() + "' is not one that Razor renders");
        };
    }

    private static Value other(Arguments arguments) {
        return arguments.bind("other").require("other");
    }
}
