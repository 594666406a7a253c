package dev.razor.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Responses that follow an instruction and responses that do not, each by hand from the reference's rules.
class InstructionTest {

    /// @param follows what the reference says of `response`
    record Case(String kind, String arguments, String response, boolean follows) {}

    private static Case yes(String kind, String arguments, String response) {
        return new Case(kind, arguments, response, true);
    }

    private static Case no(String kind, String arguments, String response) {
        return new Case(kind, arguments, response, false);
    }

    static Stream<Case> cases() {
        String words = "{'relation':'at least','num_words':3}";
        String fewer = "{'relation':'less than','num_words':3}";
        String nth = "{'num_paragraphs':2,'nth_paragraph':2,'first_word':'Elm'}";
        String ten = "{'relation':'at least','num_sentences':2}";
        return Stream.of(
                // Keywords are found within words, forbidden words are whole ones; case does not count.
                yes("keywords:existence", "{'keywords':['rock','Roll']}", "Rockets and strollers"),
                no("keywords:existence", "{'keywords':['rock','roll']}", "Rockets"),
                yes("keywords:frequency", "{'keyword':' art ','frequency':2,'relation':'at least'}", "Art part"),
                no("keywords:frequency", "{'keyword':'art','frequency':2,'relation':'less than'}", "Art part"),
                yes("keywords:forbidden_words", "{'forbidden_words':['rock']}", "rocks rock_et"),
                no("keywords:forbidden_words", "{'forbidden_words':['rock','x']}", "It is Rock."),
                yes("keywords:forbidden_words", "{'forbidden_words':['nai']}", "naïve"),
                yes("keywords:letter_frequency", "{'letter':'E','let_frequency':2,'let_relation':'at least'}", "eE"),
                no("keywords:letter_frequency", "{'letter':'e','let_frequency':2,'let_relation':'less than'}", "eE"),
                yes("keywords:letter_frequency", "{'letter':'#','let_frequency':2,'let_relation':'at least'}", "#a #b"),
                yes("language:response_language", "{'language':'de'}", "Das ist ein ganz gewöhnlicher deutscher Satz."),
                no("language:response_language", "{'language':'de'}", "This is a perfectly ordinary English sentence."),
                yes("language:response_language", "{'language':'kn'}", "ಇದು ಒಂದು ಸಾಮಾನ್ಯ ಕನ್ನಡ ವಾಕ್ಯ."),
                yes("language:response_language", "{'language':'de'}", "12345 !!!"),
                yes("length_constraints:number_sentences", ten, "One here. Two there."),
                no("length_constraints:number_sentences", ten, "Dr. Smith lives\nin the U.S. with 3.5 dogs"),
                yes("length_constraints:number_paragraphs", "{'num_paragraphs':2}", "***\nA\n***\nB\n\nC\n***"),
                no("length_constraints:number_paragraphs", "{'num_paragraphs':2}", "A\n***\n***\nB"),
                no("length_constraints:number_paragraphs", "{'num_paragraphs':2}", "A\n\nB"),
                yes("length_constraints:number_words", words, "don't stop"),
                no("length_constraints:number_words", words, "well-known"),
                no("length_constraints:number_words", fewer, "a_b 1,5"),
                yes("length_constraints:number_words", fewer, "a_b c"),
                yes("length_constraints:nth_paragraph_first_word", nth, "A\n\n'\"elm\", she said."),
                no("length_constraints:nth_paragraph_first_word", nth, "A\n\nElms stand."),
                no("length_constraints:nth_paragraph_first_word", nth, "A\n\nElm\n\nC"),
                // An empty piece shifts the count of pieces but not that of paragraphs.
                no("length_constraints:nth_paragraph_first_word", nth, "A\n\n\n\nElm"),
                yes("detectable_content:number_placeholders", "{'num_placeholders':2}", "[a] and []"),
                no("detectable_content:number_placeholders", "{'num_placeholders':2}", "[a\n] and [[b]"),
                yes("detectable_content:postscript", "{'postscript_marker':'P.S.'}", "Bye\np. s. more"),
                no("detectable_content:postscript", "{'postscript_marker':'P.S.'}", "Bye\nPS. more"),
                yes("detectable_content:postscript", "{'postscript_marker':'P.P.S'}", "Bye P. P. S"),
                no("detectable_content:postscript", "{'postscript_marker':'P.P.S'}", "Bye P.S."),
                yes("detectable_format:number_bullet_lists", "{'num_bullets':3}", "* a\n - b\n-c\n** d\n+ e"),
                no("detectable_format:number_bullet_lists", "{'num_bullets':1}", "1. a\n** b"),
                yes("detectable_format:constrained_response", "{}", "I think: My answer is maybe. Well"),
                no("detectable_format:constrained_response", "{}", "my answer is yes."),
                // **a** is found by both patterns, the first of them seeing "**" and "**".
                yes("detectable_format:number_highlighted_sections", "{'num_highlights':2}", "*a* and **b**"),
                no("detectable_format:number_highlighted_sections", "{'num_highlights':2}", "* a\n* b\n** **"),
                yes(
                        "detectable_format:multiple_sections",
                        "{'section_spliter':'Section','num_sections':2}",
                        "Section 1 a Section2 b"),
                no(
                        "detectable_format:multiple_sections",
                        "{'section_spliter':'SECTION','num_sections':2}",
                        "Section 1 SECTION 2"),
                yes("detectable_format:json_format", "{}", "```json\n{\"a\": [1, NaN]}\n```"),
                yes("detectable_format:json_format", "{}", " \"text\" "),
                no("detectable_format:json_format", "{}", "{\"a\": 1,}"),
                no("detectable_format:json_format", "{}", "{} {}"),
                no("detectable_format:json_format", "{}", "Here: {\"a\": 1}"),
                no("detectable_format:json_format", "{}", "``` ```"),
                yes("detectable_format:title", "{}", "x <<poem>> y"),
                no("detectable_format:title", "{}", "<< >> <poem> <<a\nb>>"),
                yes("combination:two_responses", "{}", "******\nOne\n******\nTwo\n******\n"),
                no("combination:two_responses", "{}", "One ****** One "),
                no("combination:two_responses", "{}", "One************Two"),
                no("combination:two_responses", "{}", "One ****** Two ****** Three"),
                yes("combination:repeat_prompt", "{'prompt_to_repeat':' Say it. '}", "\n say IT. Done"),
                no("combination:repeat_prompt", "{'prompt_to_repeat':'Say it.'}", "I say it. Done"),
                yes("startend:end_checker", "{'end_phrase':'The End.'}", "\"... the end.\"\n"),
                no("startend:end_checker", "{'end_phrase':'The End.'}", "the end. *"),
                yes("startend:quotation", "{}", " \"all\" \n"),
                no("startend:quotation", "{}", "\""),
                no("startend:quotation", "{}", "“all”"),
                yes(
                        "change_case:capital_word_frequency",
                        "{'capital_frequency':3,'capital_relation':'at least'}",
                        "IT'S A-1"),
                no(
                        "change_case:capital_word_frequency",
                        "{'capital_frequency':3,'capital_relation':'less than'}",
                        "AT&T, NASA"),
                yes("change_case:english_capital", "{}", "THIS IS A PERFECTLY ORDINARY ENGLISH SENTENCE, NUMBER 1."),
                no("change_case:english_capital", "{}", "THIS IS a PERFECTLY ORDINARY ENGLISH SENTENCE."),
                no("change_case:english_capital", "{}", "DAS IST EIN GANZ GEWÖHNLICHER DEUTSCHER SATZ ÜBER NICHTS."),
                yes("change_case:english_lowercase", "{}", "this is a perfectly ordinary english sentence, number 1."),
                no("change_case:english_lowercase", "{}", "This is a perfectly ordinary english sentence."),
                no("change_case:english_lowercase", "{}", "das ist ein ganz gewöhnlicher deutscher satz über nichts."),
                yes("punctuation:no_comma", "{}", "a、b; c"),
                no("punctuation:no_comma", "{}", "1,000"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void follows_asTheReferenceSays(Case one) {
        assertThat(instruction(one.kind(), one.arguments()).follows(one.response()))
                .isEqualTo(one.follows());
    }

    @Test
    void cases_showEveryKindFollowedAndNot() {
        Set<String> kinds =
                Arrays.stream(InstructionKind.values()).map(InstructionKind::id).collect(Collectors.toSet());
        assertThat(kinds).hasSize(25);
        for (boolean follows : new boolean[] {true, false}) {
            assertThat(cases().filter(one -> one.follows() == follows)
                            .map(Case::kind)
                            .collect(Collectors.toSet()))
                    .isEqualTo(kinds);
        }
    }

    @Test
    void of_mistakesInArguments_areNamed() {
        assertThatThrownBy(() -> instruction("keywords:existence", "{'keywords':[]}"))
                .hasMessageContaining("keywords:existence needs keywords");
        assertThatThrownBy(() -> instruction("length_constraints:number_words", "{'relation':'at most','num_words':3}"))
                .hasMessageContaining("relation cannot be \"at most\"");
        assertThatThrownBy(() -> instruction("punctuation:no_comma", "{'num_words':3}"))
                .hasMessageContaining("takes nothing, got num_words");
        assertThatThrownBy(() -> instruction("keywords:existence", "{'keywords':['(']}"))
                .hasMessageContaining("no regular expression");
    }

    @Test
    void of_argumentsWithoutValue_doNotCount() {
        Instruction comma = instruction("punctuation:no_comma", "{'num_words':null,'keywords':[],'relation':''}");
        assertThat(comma.follows("a b")).isTrue();
    }

    static Instruction instruction(String kind, String arguments) {
        return Instruction.of(InstructionKind.of(kind).orElseThrow(), (ObjectNode)
                JsonMapper.shared().readTree(arguments.replace('\'', '"')));
    }
}
