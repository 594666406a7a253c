package dev.razor.core.config;

import dev.razor.core.config.KeyType.Choice;
import dev.razor.core.config.KeyType.Scalar;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// Turns single values of a configuration tree into Java values, without any silent conversion: 1.5 is no whole
/// number, `"3"` in quotes is no number, and 3 is no text.
final class ValueReader {

    private static final int LONGEST_SHOWN = 80;

    private ValueReader() {}

    /// A value that does not fit its key; the message says what was expected and what was found.
    static final class Misfit extends Exception {

        private static final long serialVersionUID = 1;

        Misfit(String message) {
            super(message);
        }
    }

    static Object scalar(JsonNode node, Scalar type) throws Misfit {
        return switch (type) {
            case TEXT -> text(node, "text");
            case PATH -> path(text(node, "a path"));
            case INT -> (int) whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole(node, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> real(node);
            case BOOLEAN -> {
                if (!node.isBoolean()) {
                    throw new Misfit("expected true or false, got " + shown(node));
                }
                yield node.booleanValue();
            }
        };
    }

    static Enum<?> choice(JsonNode node, Choice type) throws Misfit {
        for (Enum<?> constant : type.constants().getEnumConstants()) {
            if (node.isString() && node.stringValue().equals(Choice.spelling(constant))) {
                return constant;
            }
        }
        throw new Misfit("expected one of %s, got %s".formatted(String.join(", ", type.spellings()), shown(node)));
    }

    /// A value as a message shows it: as JSON, cut where it grows long.
    static String shown(JsonNode node) {
        String text = node instanceof NullNode ? "null" : node.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    private static String text(JsonNode node, String what) throws Misfit {
        if (node.isString()) {
            return node.stringValue();
        }
        String remedy = node.isContainer() ? "" : "; put it in quotes";
        throw new Misfit("expected %s, got %s%s".formatted(what, shown(node), remedy));
    }

    private static Path path(String text) throws Misfit {
        if (text.isEmpty()) {
            throw new Misfit("expected a path, got an empty text; write . for the working directory");
        }
        if (text.equals("~") || text.startsWith("~/")) {
            throw new Misfit("expected a path, got \"%s\"; only a shell knows ~, write the directory".formatted(text));
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new Misfit("expected a path, got text that is none: " + e.getReason());
        }
    }

    private static long whole(JsonNode node, long least, long most) throws Misfit {
        if (!node.isIntegralNumber()) {
            throw new Misfit("expected a whole number, got " + shown(node));
        }
        if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            throw new Misfit("expected a whole number from %d to %d, got %s".formatted(least, most, shown(node)));
        }
        return node.longValue();
    }

    private static double real(JsonNode node) throws Misfit {
        if (!node.isNumber()) {
            throw new Misfit("expected a number, got " + shown(node));
        }
        double value = node.asDouble();
        if (!Double.isFinite(value)) {
            throw new Misfit("expected a finite number, got " + node.asString());
        }
        return value;
    }
}
