package dev.razor.core.config;

import dev.razor.core.base.Check;
import dev.razor.core.config.KeyType.Choice;
import dev.razor.core.config.KeyType.Free;
import dev.razor.core.config.KeyType.Many;
import dev.razor.core.config.KeyType.Scalar;
import dev.razor.core.config.KeyType.Section;
import dev.razor.core.config.ValueReader.Misfit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a tree into records and collects every problem on the way. A method that returns null where null is
/// not the value has added a problem.
final class Binder {

    private final String where;
    private final Settings settings;
    private final List<String> problems = new ArrayList<>();

    Binder(String where, Settings settings) {
        this.where = where;
        this.settings = settings;
    }

    /// One line a problem: unknown keys of a section first, then its other keys in their order.
    List<String> problems() {
        return problems;
    }

    /// The section at `path` as a record; the top level has the empty path.
    <T extends Record> @Nullable T section(ObjectNode node, Class<T> type, String path) {
        int problemsBefore = problems.size();
        reportUnknown(node, ConfigKey.visible(type), path);
        return record(node, type, path, problemsBefore);
    }

    private <T extends Record> @Nullable T record(ObjectNode node, Class<T> type, String path, int problemsBefore) {
        List<ConfigKey> keys = ConfigKey.of(type);
        List<@Nullable Object> values = new ArrayList<>();
        for (ConfigKey key : keys) {
            values.add(
                    key.type() instanceof KeyType.Inlined(var inner)
                            ? record(node, inner, path, problems.size())
                            : component(node.get(key.name()), key, join(path, key.name())));
        }
        if (problems.size() > problemsBefore) {
            return null;
        }
        try {
            return Records.create(type, values);
        } catch (IllegalArgumentException e) {
            problems.add(
                    objection(path, ConfigKey.visible(type), Objects.requireNonNullElse(e.getMessage(), e.toString())));
            return null;
        }
    }

    private void reportUnknown(ObjectNode node, List<ConfigKey> keys, String path) {
        List<String> names = keys.stream().map(ConfigKey::name).toList();
        for (String name : node.propertyNames()) {
            if (!names.contains(name)) {
                String nearest = NearestKey.of(name, names);
                String remedy = nearest == null ? "--help lists the keys" : "did you mean %s?".formatted(nearest);
                problem(join(path, name), "unknown key; " + remedy);
            }
        }
    }

    private @Nullable Object component(@Nullable JsonNode given, ConfigKey key, String path) {
        if (given != null) {
            return value(given, key.type(), key.nullable(), path);
        }
        if (!key.mandatory()) {
            return fallback(key, path);
        }
        Setting whole = settings.originOfWhole(path);
        problems.add("%s: %s: missing; %s must be given (%s)"
                .formatted(
                        whole == null ? where : whole.argument(),
                        path,
                        key.type().label(),
                        key.help()));
        return null;
    }

    /// A default is bound like a user's value; one that does not fit is a mistake in the record's [Key].
    private static @Nullable Object fallback(ConfigKey key, String path) {
        Binder binder = new Binder("fallback", Settings.none());
        JsonNode node = Objects.requireNonNull(YamlReader.read(key.fallback(), "fallback of " + path));
        Object value = binder.value(node, key.type(), key.nullable(), path);
        Check.that(binder.problems.isEmpty(), "%s", String.join(", ", binder.problems));
        return value;
    }

    private @Nullable Object value(JsonNode node, KeyType type, boolean nullable, String path) {
        Setting setting = settings.of(path);
        JsonNode value = setting != null && takesText(type) ? setting.textNode() : node;
        if (value.isNull()) {
            return nullable ? null : problem(path, "has no value; write one, or remove the key");
        }
        try {
            return switch (type) {
                case Scalar scalar -> ValueReader.scalar(value, scalar);
                case Choice choice -> ValueReader.choice(value, choice);
                case Many many when value instanceof ArrayNode list -> list(list, many.element(), path);
                case Many many
                when many.element() == Scalar.PATH || isOneText(value, many) -> one(node, many.element(), path);
                case Many _ -> problem(path, "expected a list, got %s; write [a, b]".formatted(shown(value)));
                case Section section when value instanceof ObjectNode object -> section(object, section.type(), path);
                case Free _ when value instanceof ObjectNode object -> object.deepCopy();
                case Section _, Free _, KeyType.Inlined _ ->
                    problem(path, "expected a section of keys, got " + shown(value));
            };
        } catch (Misfit e) {
            return problem(path, Objects.requireNonNull(e.getMessage()));
        }
    }

    private static boolean takesText(KeyType type) {
        return type == Scalar.TEXT || type == Scalar.PATH;
    }

    private @Nullable List<Object> list(ArrayNode nodes, KeyType element, String path) {
        int problemsBefore = problems.size();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Object value = value(nodes.get(i), element, false, path + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return problems.size() > problemsBefore ? null : List.copyOf(values);
    }

    /// Whether this is a text where a list of texts is expected; one with a comma is rather a list without
    /// brackets.
    private static boolean isOneText(JsonNode value, Many many) {
        return many.element() == Scalar.TEXT
                && value.isString()
                && !value.asString().contains(",");
    }

    /// A single path or text where a list of them may stand is a list of one.
    private @Nullable List<Object> one(JsonNode node, KeyType element, String path) {
        Object value = value(node, element, false, path);
        return value == null ? null : List.of(value);
    }

    private @Nullable Object problem(String path, String what) {
        Setting origin = settings.origin(path);
        if (origin == null) {
            problems.add("%s: %s: %s".formatted(where, path, what));
        } else if (origin.path().equals(path)) {
            problems.add("%s: %s".formatted(origin.argument(), what));
        } else {
            problems.add("%s: %s: %s".formatted(origin.argument(), path, what));
        }
        return null;
    }

    /// A record's own objection names its keys; the line starts with the argument that set one of them, if any
    /// did.
    private String objection(String path, List<ConfigKey> keys, String message) {
        String place = path.isEmpty() ? "" : path + ": ";
        for (ConfigKey key : keys) {
            Setting origin = settings.originOfWhole(join(path, key.name()));
            if (origin != null
                    && Pattern.compile("\\b" + key.name() + "\\b")
                            .matcher(message)
                            .find()) {
                return "%s: %s%s".formatted(origin.argument(), place, message);
            }
        }
        return "%s: %s%s".formatted(where, place, message);
    }

    private static String shown(JsonNode node) {
        return ValueReader.shown(node);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
