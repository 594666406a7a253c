package dev.razor.core.config;

import dev.razor.core.base.Check;
import dev.razor.core.config.KeyType.Choice;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Writes a configuration out in full, every default included, so that [ConfigLoader] reads an equal record
/// from it.
public final class ConfigWriter {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    // all texts are quoted: a model named 1e5, true or ~ must come back as text
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    private ConfigWriter() {}

    /// The configuration as YAML: snake_case keys in the order of the components.
    public static String toYaml(Record config) {
        return YAML.writeValueAsString(toNode(config));
    }

    /// A configuration that is a tree already, as YAML.
    public static String toYaml(ObjectNode config) {
        return YAML.writeValueAsString(config);
    }

    /// The configuration as a tree, for results that carry it along.
    public static ObjectNode toNode(Record config) {
        ObjectNode node = NODES.objectNode();
        for (ConfigKey key : ConfigKey.of(config.getClass())) {
            Object value = Records.get(config, key.component());
            if (key.type() instanceof KeyType.Inlined && value instanceof Record inlined) {
                node.setAll(toNode(inlined));
            } else {
                node.set(key.name(), node(value, key));
            }
        }
        return node;
    }

    private static JsonNode node(@Nullable Object value, ConfigKey key) {
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.stringNode(text);
            case Path path -> NODES.stringNode(path.toString());
            case Integer number -> NODES.numberNode(number.intValue());
            case Long number -> NODES.numberNode(number.longValue());
            case Double number -> {
                Check.that(Double.isFinite(number), "%s (%s) must be finite", key.name(), number);
                yield NODES.numberNode(number.doubleValue());
            }
            case Boolean flag -> NODES.booleanNode(flag);
            case Enum<?> constant -> NODES.stringNode(Choice.spelling(constant));
            case ObjectNode free -> free.deepCopy();
            case Record section -> toNode(section);
            case List<?> list -> {
                ArrayNode nodes = NODES.arrayNode();
                list.forEach(element -> nodes.add(node(element, key)));
                yield nodes;
            }
            default -> throw new IllegalArgumentException("%s: cannot be written: %s".formatted(key.name(), value));
        };
    }
}
