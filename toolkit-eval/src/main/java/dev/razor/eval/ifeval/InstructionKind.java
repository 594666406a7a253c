package dev.razor.eval.ifeval;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The 25 kinds of instruction, with the arguments each needs.
public enum InstructionKind {
    KEYWORD_EXISTENCE("keywords:existence", "keywords"),
    KEYWORD_FREQUENCY("keywords:frequency", "keyword", "frequency", "relation"),
    FORBIDDEN_WORDS("keywords:forbidden_words", "forbidden_words"),
    LETTER_FREQUENCY("keywords:letter_frequency", "letter", "let_frequency", "let_relation"),
    RESPONSE_LANGUAGE("language:response_language", "language"),
    NUMBER_SENTENCES("length_constraints:number_sentences", "num_sentences", "relation"),
    NUMBER_PARAGRAPHS("length_constraints:number_paragraphs", "num_paragraphs"),
    NUMBER_WORDS("length_constraints:number_words", "num_words", "relation"),
    NTH_PARAGRAPH_FIRST_WORD(
            "length_constraints:nth_paragraph_first_word", "num_paragraphs", "nth_paragraph", "first_word"),
    NUMBER_PLACEHOLDERS("detectable_content:number_placeholders", "num_placeholders"),
    POSTSCRIPT("detectable_content:postscript", "postscript_marker"),
    NUMBER_BULLET_LISTS("detectable_format:number_bullet_lists", "num_bullets"),
    CONSTRAINED_RESPONSE("detectable_format:constrained_response"),
    NUMBER_HIGHLIGHTED_SECTIONS("detectable_format:number_highlighted_sections", "num_highlights"),
    MULTIPLE_SECTIONS("detectable_format:multiple_sections", "section_spliter", "num_sections"),
    JSON_FORMAT("detectable_format:json_format"),
    TITLE("detectable_format:title"),
    TWO_RESPONSES("combination:two_responses"),
    REPEAT_PROMPT("combination:repeat_prompt", "prompt_to_repeat"),
    END_CHECKER("startend:end_checker", "end_phrase"),
    QUOTATION("startend:quotation"),
    CAPITAL_WORD_FREQUENCY("change_case:capital_word_frequency", "capital_frequency", "capital_relation"),
    ENGLISH_CAPITAL("change_case:english_capital"),
    ENGLISH_LOWERCASE("change_case:english_lowercase"),
    NO_COMMA("punctuation:no_comma");

    private final String id;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> arguments;

    InstructionKind(String id, String... arguments) {
        this.id = id;
        this.arguments = List.of(arguments);
    }

    /// The name in the data, such as `punctuation:no_comma`.
    public String id() {
        return id;
    }

    /// The names of the arguments it needs.
    public List<String> arguments() {
        return arguments;
    }

    /// The kind that the data calls `id`.
    public static Optional<InstructionKind> of(String id) {
        return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
    }
}
