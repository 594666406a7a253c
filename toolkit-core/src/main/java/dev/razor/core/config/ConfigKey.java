package dev.razor.core.config;

import dev.razor.core.base.Check;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One key of a configuration section: what [Key] and the Java type of a record component say together.
///
/// @param name the key as users write it, in snake_case
/// @param fallback the default as YAML text; empty when the key is mandatory
record ConfigKey(String name, KeyType type, boolean nullable, String fallback, String help, RecordComponent component) {

    /// The keys of a record in the order of its components.
    static List<ConfigKey> of(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents()).map(ConfigKey::of).toList();
    }

    /// The keys as users see them: those of [Inline] components stand in place of the component.
    static List<ConfigKey> visible(Class<? extends Record> type) {
        return of(type).stream()
                .flatMap(key ->
                        key.type() instanceof KeyType.Inlined(var inner) ? visible(inner).stream() : Stream.of(key))
                .toList();
    }

    boolean mandatory() {
        return fallback.isEmpty();
    }

    private static ConfigKey of(RecordComponent component) {
        String where = component.getDeclaringRecord().getSimpleName() + "." + component.getName();
        if (component.isAnnotationPresent(Inline.class)) {
            Check.that(component.getType().isRecord(), "%s: is @Inline but no record", where);
            KeyType inlined = new KeyType.Inlined(component.getType().asSubclass(Record.class));
            return new ConfigKey(component.getName(), inlined, false, "", "", component);
        }
        Key key = component.getAnnotation(Key.class);
        Check.that(key != null, "%s: has no @Key", where);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        Check.that(!nullable || !component.getType().isPrimitive(), "%s: is @Nullable but of a primitive type", where);
        Check.that(nullable || !key.fallback().equals("null"), "%s: falls back to null but is not @Nullable", where);
        return new ConfigKey(
                snakeCase(component.getName()),
                KeyType.of(component),
                nullable,
                key.fallback(),
                key.value(),
                component);
    }

    /// `perDeviceTrainBatchSize` -> `per_device_train_batch_size`.
    static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
