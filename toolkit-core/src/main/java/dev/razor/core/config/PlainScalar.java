package dev.razor.core.config;

import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What an unquoted YAML scalar stands for, by the core schema of YAML 1.2 without octal and hexadecimal numbers.
///
/// So `1e-5` is a number (YAML 1.1 made it text), and `yes`, `off`, `1_000` and `12:30` are text.
///
/// @see <a href="https://yaml.org/spec/1.2.2/#1032-tag-resolution">YAML 1.2.2, section 10.3.2</a>
final class PlainScalar {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern REAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private PlainScalar() {}

    static JsonNode resolve(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> NODES.nullNode();
            case "true", "True", "TRUE" -> NODES.booleanNode(true);
            case "false", "False", "FALSE" -> NODES.booleanNode(false);
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> NODES.numberNode(Double.POSITIVE_INFINITY);
            case "-.inf", "-.Inf", "-.INF" -> NODES.numberNode(Double.NEGATIVE_INFINITY);
            case ".nan", ".NaN", ".NAN" -> NODES.numberNode(Double.NaN);
            default -> {
                if (WHOLE.matcher(text).matches()) {
                    yield whole(new BigInteger(text));
                }
                yield REAL.matcher(text).matches()
                        ? NODES.numberNode(Double.parseDouble(text))
                        : NODES.stringNode(text);
            }
        };
    }

    /// The narrowest node that holds the number, as Jackson does it.
    private static JsonNode whole(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValueExact());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValueExact()) : NODES.numberNode(value);
    }
}
