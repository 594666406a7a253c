package dev.razor.core.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-06T15:04:05Z"), ZoneOffset.UTC);

    /// Each case of reference.json, which Jinja itself rendered (make_reference.py); a text of null means it
    /// raised.
    @Test
    void rendering_equalsJinjas() throws IOException {
        List<String> differences = new ArrayList<>();
        JsonNode reference;
        try (InputStream file = TemplateTest.class.getResourceAsStream("reference.json")) {
            reference = JsonMapper.shared().readTree(file);
        }
        Map<String, Object> variables = JsonMapper.shared()
                .convertValue(
                        reference.get("variables"),
                        JsonMapper.shared()
                                .getTypeFactory()
                                .constructMapType(LinkedHashMap.class, String.class, Object.class));
        for (JsonNode one : reference.get("cases").values()) {
            String expected =
                    one.get("text").isNull() ? "raises" : one.get("text").stringValue();
            String actual = renderOrRaise(one.get("template").stringValue(), variables);
            if (!actual.equals(expected)) {
                differences.add(one.get("template") + "\n  expected " + expected + "\n  got      " + actual);
            }
        }
        assertThat(reference.get("cases").size()).isGreaterThan(130);
        assertThat(differences).isEmpty();
    }

    private static String renderOrRaise(String template, Map<String, Object> variables) {
        try {
            return Template.parse(template).render(variables, CLOCK);
        } catch (JinjaException e) {
            return "raises";
        }
    }

    @Test
    void missingAttribute_raisesInsteadOfRenderingHalfAText() {
        assertThatThrownBy(() -> render("a\nb {{ 'x' + message.content }}", Map.of("message", Map.of("role", "user"))))
                .isInstanceOfSatisfying(JinjaException.class, e -> {
                    assertThat(e.problem()).isEqualTo("a dict has no element 'content'");
                    assertThat(e.line()).isEqualTo(2);
                });
    }

    @Test
    void unknownNames_areRefusedByName() {
        assertThatThrownBy(() -> render("{{ 1 | frobnicate }}", Map.of())).hasMessageContaining("'frobnicate'");
        assertThatThrownBy(() -> render("{{ 1 is frobnicated }}", Map.of())).hasMessageContaining("'frobnicated'");
        assertThatThrownBy(() -> render("{% include 'x' %}", Map.of())).hasMessageContaining("'include'");
    }

    @Test
    void noneInAMap_printsAsPythonDoes() {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("content", null);
        assertThat(render("{{ m.content }}{{ m.content is none }}{{ m }}", Map.of("m", message)))
                .isEqualTo("NoneTrue{'content': None}");
    }

    /// The 6th of July 2024 was a Saturday, the 188th day (31 + 29 + 31 + 30 + 31 + 30 + 6).
    @Test
    void strftimeNow_followsC() {
        assertThat(render("{{ strftime_now('%d %b %Y %-d %B %m %y %a %A %H:%M:%S %I %p %j %%') }}", Map.of()))
                .isEqualTo("06 Jul 2024 6 July 07 24 Sat Saturday 15:04:05 03 PM 188 %");
    }

    @Test
    void generationTag_rendersItsBody() {
        assertThat(render("a{% generation %}b{% endgeneration %}c", Map.of())).isEqualTo("abc");
    }

    @Test
    void longString_doesNotOverflowTheStack() {
        String text = "x\\n".repeat(20_000);
        assertThat(render("{{ '" + text + "' | length }}", Map.of())).isEqualTo("40000");
    }

    @Test
    void numbers_printTheShortestDigitsAsPythonDoes() {
        Map<Double, String> expected = new LinkedHashMap<>();
        expected.put(1e-4, "0.0001");
        expected.put(1.5e-5, "1.5e-05");
        expected.put(-1e15, "-1000000000000000.0");
        expected.put(1.25e16, "1.25e+16");
        expected.put(1e100, "1e+100");
        expected.put(-0.0, "-0.0");
        expected.put(100.0, "100.0");
        expected.forEach((number, text) -> assertThat(Python.repr(number)).isEqualTo(text));
    }

    @Test
    void rendering_leavesTheTemplateAsItWas() {
        Template template = Template.parse(
                "{% set ns = namespace(x=0) %}{% for i in d %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}");
        List<String> texts = new ArrayList<>();
        for (int turn = 0; turn < 2; turn++) {
            texts.add(template.render(Map.of("d", Arrays.asList(1, 2, 3)), CLOCK));
        }
        assertThat(texts).containsExactly("6", "6");
    }

    private static String render(String template, Map<String, Object> variables) {
        return Template.parse(template).render(variables, CLOCK);
    }
}
