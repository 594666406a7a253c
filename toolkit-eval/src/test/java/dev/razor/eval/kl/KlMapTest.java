package dev.razor.eval.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.base.DataException;
import dev.razor.core.kl.KlSequence;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KlMapTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static PretrainedModel golden(String name) {
        return PretrainedModel.load(Golden.directory().resolve(name), LoadOptions.frozen("cpu", "float32"));
    }

    private KlMap map(String file, String content, String model) throws IOException {
        Path path = Files.writeString(folder.resolve(file), content);
        try (PretrainedModel base = golden("model-a");
                PretrainedModel other = golden(model)) {
            return KlMap.of(path, base, other, Progress.silent());
        }
    }

    /// The tokens' divergences are those of `razor kl --sequences`; guesses are probabilities in order.
    @Test
    void of_aCompletion_hasTheDivergencesOfTheSequence() throws IOException {
        KlMap map = map(
                "a.jsonl",
                "{\"id\": \"x\", \"prompt_ids\": [1, 2, 3], \"completion_ids\": [4, 5, 6, 7]}\n",
                "model-a-perturbed");
        KlMap.Text text = map.texts().getFirst();
        assertThat(text.id()).isEqualTo("x");
        assertThat(text.tokens()).hasSize(7);
        assertThat(text.tokens().subList(0, 3)).allMatch(token -> token.reading() == null);
        try (PretrainedModel base = golden("model-a");
                PretrainedModel other = golden("model-a-perturbed")) {
            var sequence = new KlSequence(0, new int[] {1, 2, 3}, new int[] {4, 5, 6, 7}, false);
            SequenceDivergence one = new KlEvaluator(base, other, 1)
                    .given(List.of(sequence), 1, Progress.silent())
                    .sequences()
                    .getFirst();
            assertThat(text.forwardKl()).isPositive().isCloseTo(one.forwardKl(), within(1e-12));
            assertThat(text.readings().stream()
                            .mapToDouble(KlMap.Reading::baseLogProb)
                            .sum())
                    .isCloseTo(one.baseLogProb(), within(1e-9));
            assertThat(text.readings().stream()
                            .mapToDouble(KlMap.Reading::modelLogProb)
                            .sum())
                    .isCloseTo(one.modelLogProb(), within(1e-9));
        }
        for (KlMap.Reading reading : text.readings()) {
            assertThat(reading.base()).hasSize(5);
            double before = 1;
            for (KlMap.Guess guess : reading.model()) {
                assertThat(guess.probability()).isPositive().isLessThanOrEqualTo(before);
                before = guess.probability();
            }
        }
    }

    @Test
    void of_aTextFile_measuresAllButItsFirstToken() throws IOException {
        KlMap.Text text = map("b.txt", "Hello world, hello.", "model-a").texts().getFirst();
        assertThat(text.tokens().getFirst().reading()).isNull();
        assertThat(text.readings()).hasSize(text.tokens().size() - 1).allMatch(reading -> reading.forwardKl() == 0);
        StringBuilder joined = new StringBuilder();
        text.tokens().forEach(token -> joined.append(token.text()));
        assertThat(joined).hasToString("Hello world, hello.");
    }

    @Test
    void of_records_thatCannotBeUsed_saysWhere() {
        assertThatThrownBy(() -> map("c.jsonl", "{\"text\": \"\"}\n", "model-a"))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*c.jsonl:1: text: has 0 tokens; a map needs 2 to the model's context of \\d+");
        assertThatThrownBy(() -> map("d.jsonl", "{\"prompt\": \"Hello\"}\n", "model-a"))
                .hasMessageEndingWith(
                        "d.jsonl:1: has no completion; give exactly one of completion and completion_ids");
    }

    @Test
    void html_escapesEverything_andFetchesNothing() throws IOException {
        KlMap map = map(
                "e.jsonl",
                "{\"id\": \"<b>&\", \"text\": \"<script>alert('x')</script> \\\" & \\u202e\\n\\tend\"}\n",
                "model-a-perturbed");
        String page = KlMapPage.html(map, "<base>", "model\"s");
        assertThat(page)
                .doesNotContain("<script", "http", "\u202e")
                .contains("&lt;b&gt;&amp;", "&lt;base&gt;", "model&quot;s", "--k:");
        assertThat(page.split("class=\"t\" tabindex", -1))
                .hasSize(map.texts().getFirst().readings().size() + 1);
    }

    /// 0.1 nats are two of four decades above 0.001.
    @Test
    void html_coloursByTheLogarithm() {
        var reading = new KlMap.Reading(0.1, -1, -2, List.of(new KlMap.Guess("a", 0.5)), List.of());
        var text = new KlMap.Text("t", List.of(new KlMap.Token(1, "a", reading), new KlMap.Token(2, "b", null)));
        String page = KlMapPage.html(new KlMap(List.of(text)), "x", "y");
        assertThat(page)
                .contains("tabindex=\"0\" style=\"--k:0.500\">a<", "KL 0.1, log p -1 → -2 (-1)", "50.0 %")
                .contains("<span class=\"context\">b</span>");
        assertThat(Objects.requireNonNull(text.readings())).hasSize(1);
    }
}
