package dev.razor.core.config;

import dev.razor.core.base.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads one YAML 1.2 document into a tree, and refuses what a configuration would silently get wrong.
///
/// The tree is built here from Jackson's tokens, not by Jackson, for three reasons. An alias (`*name`) arrives
/// as the text `name`; duplicate keys and a second document deserve a message in words; and Jackson resolves
/// plain scalars by JSON's rules, so that `True`, `~`, `.5` and `+3`, which YAML's core schema reads as a
/// boolean, null and numbers, would be texts. Whether a scalar was quoted is seen from the character at which
/// its token starts.
///
/// @see <a href="https://yaml.org/spec/1.2.2/#103-core-schema">YAML 1.2.2, core schema</a>
final class YamlReader {

    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final Pattern LINE = Pattern.compile(" in reader, line (\\d+)");

    /// A line `key: name: value`, whose value is no plain text in YAML.
    private static final Pattern PAIR_IN_A_VALUE =
            Pattern.compile("[ -]*([\\w.]+): +([^\"'\\[{#][^\"#]*:(?: [^\"#]*)?)");

    private final JsonParser parser;
    private final String where;
    private final int[] characters;

    private YamlReader(JsonParser parser, String where, String text) {
        this.parser = parser;
        this.where = where;
        // the parser counts code points, not chars
        this.characters = text.codePoints().toArray();
    }

    /// The tree that `text` describes, or null when it holds no value at all.
    ///
    /// @throws ConfigException with one line that names `where` and the line
    static @Nullable JsonNode read(String text, String where) {
        try (JsonParser parser = YAML.createParser(text)) {
            YamlReader reader = new YamlReader(parser, where, text);
            if (parser.nextToken() == null) {
                return null;
            }
            JsonNode root = reader.value();
            if (parser.nextToken() != null) {
                throw reader.problem("a second YAML document starts; keep one document in the file");
            }
            return root;
        } catch (JacksonException e) {
            int line = line(e);
            String place = line < 1 ? where : where + ":" + line;
            throw new ConfigException("%s: not readable as YAML: %s".formatted(place, reason(e, text, line)), e);
        }
    }

    private JsonNode value() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> section();
            case START_ARRAY -> list();
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                scalar(parser.currentToken());
            case VALUE_EMBEDDED_OBJECT -> throw problem("binary values (!!binary) cannot be used; write text");
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
                throw new IllegalStateException("unexpected token " + parser.currentToken());
        };
    }

    private ObjectNode section() {
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (section.has(key)) {
                throw problem("the key %s stands here for the second time; keep one".formatted(key));
            }
            parser.nextToken();
            section.set(key, value());
        }
        return section;
    }

    private ArrayNode list() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value());
        }
        return list;
    }

    private JsonNode scalar(JsonToken token) {
        String text = parser.getString();
        if (((YAMLParser) parser).isCurrentAlias()) {
            throw problem("aliases (*%s) cannot be used; write the value itself".formatted(text));
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        int first = start < characters.length ? characters[start] : '\n';
        boolean plain = switch (first) {
            case '"', '\'', '|', '>' -> false;
            // behind an anchor or a tag the style cannot be seen: Jackson's type stands
            case '&', '!' -> token != JsonToken.VALUE_STRING;
            default -> true;
        };
        return plain ? PlainScalar.resolve(text) : JsonNodeFactory.instance.stringNode(text);
    }

    private ConfigException problem(String what) {
        return new ConfigException(
                "%s:%d: %s".formatted(where, parser.currentTokenLocation().getLineNr(), what));
    }

    /// The line that the parser complains of, from 1; -1 where it names none.
    private static int line(JacksonException e) {
        Matcher line = LINE.matcher(e.getOriginalMessage());
        int number = e.getLocation() == null ? -1 : e.getLocation().getLineNr();
        while (line.find()) {
            number = Integer.parseInt(line.group(1));
        }
        return number;
    }

    private static String reason(JacksonException e, String text, int line) {
        String last = text.lines().skip(Math.max(0, line - 1)).findFirst().orElse("");
        Matcher pair = PAIR_IN_A_VALUE.matcher(last);
        if (line > 0 && e.getOriginalMessage().contains("mapping values are not allowed") && pair.matches()) {
            return "the value of %s holds a colon, got %s; put it in quotes, %s: \"%s\""
                    .formatted(pair.group(1), pair.group(2), pair.group(1), pair.group(2));
        }
        // The parser's message without the excerpts of the file that it draws between its sentences.
        return e.getOriginalMessage()
                .lines()
                .filter(each -> !each.isBlank() && !each.startsWith(" "))
                .collect(Collectors.joining(", "));
    }
}
