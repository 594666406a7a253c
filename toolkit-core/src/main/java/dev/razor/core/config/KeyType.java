package dev.razor.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of value that a configuration key can take.
sealed interface KeyType {

    /// The name by which help texts and messages call it.
    String label();

    /// A single value.
    enum Scalar implements KeyType {
        TEXT("text"),
        PATH("path"),
        INT("whole number"),
        LONG("whole number"),
        DOUBLE("number"),
        BOOLEAN("true | false");

        private final String label;

        Scalar(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    /// One constant of an enum, spelt in lower case.
    record Choice(Class<? extends Enum<?>> constants) implements KeyType {

        List<String> spellings() {
            return Arrays.stream(constants.getEnumConstants())
                    .map(Choice::spelling)
                    .toList();
        }

        static String spelling(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String label() {
            return String.join(" | ", spellings());
        }
    }

    /// A list whose elements have one type.
    record Many(KeyType element) implements KeyType {

        @Override
        public String label() {
            return "list of " + element.label();
        }
    }

    /// Keys of their own, bound to a nested record.
    record Section(Class<? extends Record> type) implements KeyType {

        @Override
        public String label() {
            return "section";
        }
    }

    /// A record whose keys stand among those around it; it has no key of its own.
    record Inlined(Class<? extends Record> type) implements KeyType {

        @Override
        public String label() {
            return "keys";
        }
    }

    /// A section that is handed on as it stands; whoever binds it later checks it.
    record Free() implements KeyType {

        @Override
        public String label() {
            return "section";
        }
    }

    /// The kind that stands for a component's Java type.
    static KeyType of(RecordComponent component) {
        return of(component.getGenericType(), component);
    }

    private static KeyType of(Type type, RecordComponent component) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return new Many(of(list.getActualTypeArguments()[0], component));
        }
        if (type instanceof Class<?> plain) {
            if (plain == String.class) {
                return Scalar.TEXT;
            } else if (plain == Path.class) {
                return Scalar.PATH;
            } else if (plain == int.class || plain == Integer.class) {
                return Scalar.INT;
            } else if (plain == long.class || plain == Long.class) {
                return Scalar.LONG;
            } else if (plain == double.class || plain == Double.class) {
                return Scalar.DOUBLE;
            } else if (plain == boolean.class || plain == Boolean.class) {
                return Scalar.BOOLEAN;
            } else if (plain == ObjectNode.class) {
                return new Free();
            } else if (plain.isRecord()) {
                return new Section(plain.asSubclass(Record.class));
            } else if (plain.isEnum()) {
                return new Choice(asEnum(plain));
            }
        }
        throw new IllegalArgumentException("%s.%s: a configuration key cannot have the type %s"
                .formatted(
                        component.getDeclaringRecord().getSimpleName(),
                        component.getName(),
                        component.getGenericType()));
    }

    @SuppressWarnings("unchecked") // the caller has asked isEnum()
    private static Class<? extends Enum<?>> asEnum(Class<?> type) {
        return (Class<? extends Enum<?>>) type;
    }
}
