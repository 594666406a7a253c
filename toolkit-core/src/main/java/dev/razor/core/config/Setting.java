package dev.razor.core.config;

import dev.razor.core.base.ConfigException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One `--set key=value` argument.
///
/// @param path the key, dotted where it lies in a section
/// @param text the value as typed
record Setting(String path, String text) {

    /// The argument's two parts, or null when it does not have the form `key=value`.
    static @Nullable Setting parse(String argument) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
            return null;
        }
        Setting setting = new Setting(argument.substring(0, equals).strip(), argument.substring(equals + 1));
        return setting.keys().stream().anyMatch(String::isBlank) ? null : setting;
    }

    List<String> keys() {
        return List.of(path.split("\\.", -1));
    }

    /// The argument as the user typed it, for the head of a message.
    String argument() {
        return "--set %s=%s".formatted(path, text);
    }

    /// The value as YAML reads it; text where it is not YAML (`@home`, `*.jsonl`).
    JsonNode node() {
        try {
            JsonNode node = YamlReader.read(text, argument());
            return node == null ? JsonNodeFactory.instance.nullNode() : node;
        } catch (ConfigException _) {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }

    /// The value for a key that takes text or a path: what was typed. So `output=007`, `data=*.jsonl` and
    /// `prompt=Question: {text}` need no second quoting. Only null, and quotes around the whole, mean what they
    /// do in a file.
    JsonNode textNode() {
        JsonNode node = node();
        boolean quoted = node.isString() && (text.startsWith("\"") || text.startsWith("'"));
        return quoted || node.isNull() ? node : JsonNodeFactory.instance.stringNode(text);
    }
}
