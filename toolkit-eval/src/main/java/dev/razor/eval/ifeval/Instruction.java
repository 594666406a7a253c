package dev.razor.eval.ifeval;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One verifiable instruction of a prompt.
///
/// Where an argument is missing, the reference draws one at random; here that is a mistake in the data. Two of
/// the 541 prompts ask for a sign, `#` and `!`, where the reference wants a letter and counts a random letter
/// instead; here the sign is counted.
///
/// @see <a href="https://github.com/EleutherAI/lm-evaluation-harness/tree/4e7e0d47f/lm_eval/tasks/ifeval">
///     the definition followed here</a>
/// @see <a href="https://arxiv.org/abs/2311.07911">Zhou et al. 2023</a>
public final class Instruction {

    private static final List<String> RELATIONS = List.of("less than", "at least");

    private final InstructionKind kind;
    private final ObjectNode arguments;

    private Instruction(InstructionKind kind, ObjectNode arguments) {
        this.kind = kind;
        this.arguments = arguments;
    }

    /// An instruction with its arguments; those without a value (null, zero, an empty text or list) do not count.
    ///
    /// @throws IllegalArgumentException naming the argument that is missing, unknown or of another type
    public static Instruction of(InstructionKind kind, ObjectNode given) {
        ObjectNode arguments = given.objectNode();
        given.properties().forEach(entry -> {
            if (!isFalsy(entry.getValue())) {
                arguments.set(entry.getKey(), entry.getValue());
            }
        });
        for (String name : kind.arguments()) {
            if (!arguments.has(name)) {
                throw new IllegalArgumentException("%s needs %s, got %s".formatted(kind.id(), name, given));
            }
        }
        for (String name : arguments.propertyNames()) {
            if (!kind.arguments().contains(name)) {
                throw new IllegalArgumentException("%s takes %s, got %s"
                        .formatted(kind.id(), kind.arguments().isEmpty() ? "nothing" : kind.arguments(), name));
            }
            requireType(kind, name, arguments.get(name));
        }
        Instruction instruction = new Instruction(kind, arguments);
        instruction.follows(""); // compiles its patterns
        return instruction;
    }

    private static boolean isFalsy(JsonNode value) {
        return value.isNull()
                || (value.isNumber() && value.asDouble() == 0)
                || (value.isString() && value.asString().isEmpty())
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainer() && value.isEmpty());
    }

    private static void requireType(InstructionKind kind, String name, JsonNode value) {
        boolean right = switch (name) {
            case "keywords", "forbidden_words" ->
                value.isArray() && value.valueStream().allMatch(JsonNode::isString);
            case "relation", "let_relation", "capital_relation" ->
                value.isString() && RELATIONS.contains(value.stringValue());
            case "letter" -> value.isString() && value.stringValue().length() == 1;
            case "keyword",
                    "language",
                    "first_word",
                    "postscript_marker",
                    "section_spliter",
                    "prompt_to_repeat",
                    "end_phrase" -> value.isString();
            default -> value.isIntegralNumber() && value.canConvertToInt() && value.intValue() > 0;
        };
        if (!right) {
            throw new IllegalArgumentException("%s: %s cannot be %s".formatted(kind.id(), name, value));
        }
    }

    public InstructionKind kind() {
        return kind;
    }

    /// Whether `response` does what is asked. What an empty response does is decided by [Following].
    public boolean follows(String response) {
        return switch (kind) {
            case KEYWORD_EXISTENCE -> Words.hasAll(response, texts("keywords"));
            case KEYWORD_FREQUENCY ->
                holds(Words.occurrences(response, text("keyword")), text("relation"), number("frequency"));
            case FORBIDDEN_WORDS -> Words.hasNone(response, texts("forbidden_words"));
            case LETTER_FREQUENCY ->
                holds(Words.letters(response, text("letter")), text("let_relation"), number("let_frequency"));
            case RESPONSE_LANGUAGE -> Language.isOrUnknown(response, text("language"));
            case NUMBER_SENTENCES -> holds(Sentences.split(response).size(), text("relation"), number("num_sentences"));
            case NUMBER_PARAGRAPHS -> Paragraphs.count(response) == number("num_paragraphs");
            case NUMBER_WORDS -> holds(Words.count(response), text("relation"), number("num_words"));
            case NTH_PARAGRAPH_FIRST_WORD ->
                Paragraphs.begins(response, number("num_paragraphs"), number("nth_paragraph"), text("first_word"));
            case NUMBER_PLACEHOLDERS -> Formats.placeholders(response) >= number("num_placeholders");
            case POSTSCRIPT -> Formats.hasPostscript(response, text("postscript_marker"));
            case NUMBER_BULLET_LISTS -> Formats.bullets(response) == number("num_bullets");
            case CONSTRAINED_RESPONSE -> Formats.isConstrained(response);
            case NUMBER_HIGHLIGHTED_SECTIONS -> Formats.highlights(response) >= number("num_highlights");
            case MULTIPLE_SECTIONS -> Formats.sections(response, text("section_spliter")) >= number("num_sections");
            case JSON_FORMAT -> Formats.isJson(response);
            case TITLE -> Formats.hasTitle(response);
            case TWO_RESPONSES -> Formats.isTwoResponses(response);
            case REPEAT_PROMPT -> Formats.repeats(response, text("prompt_to_repeat"));
            case END_CHECKER -> Formats.endsWith(response, text("end_phrase"));
            case QUOTATION -> Formats.isQuoted(response);
            case CAPITAL_WORD_FREQUENCY ->
                holds(WordTokens.upper(response), text("capital_relation"), number("capital_frequency"));
            case ENGLISH_CAPITAL -> PythonText.isUpper(response) && Language.isOrUnknown(response, "en");
            case ENGLISH_LOWERCASE -> PythonText.isLower(response) && Language.isOrUnknown(response, "en");
            case NO_COMMA -> response.indexOf(',') < 0;
        };
    }

    private static boolean holds(int found, String relation, int asked) {
        return relation.equals("less than") ? found < asked : found >= asked;
    }

    private String text(String name) {
        return arguments.path(name).stringValue();
    }

    private int number(String name) {
        return arguments.path(name).intValue();
    }

    private List<String> texts(String name) {
        return arguments.path(name).valueStream().map(JsonNode::stringValue).toList();
    }
}
