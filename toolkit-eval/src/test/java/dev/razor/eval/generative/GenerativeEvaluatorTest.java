package dev.razor.eval.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.Aggregate;
import dev.razor.eval.ChatMessage;
import dev.razor.eval.Example;
import dev.razor.eval.partial.PartialSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerativeEvaluatorTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<String> seen = new ArrayList<>();

    /// Questions of one to five letters, whose right answer is their number; parts has a value a letter.
    private static final class Lengths implements GenerativeBenchmark {

        @Override
        public String name() {
            return "lengths";
        }

        @Override
        public double version() {
            return 2.0;
        }

        @Override
        public GenerationLimits limits() {
            return new GenerationLimits(List.of("."), 4);
        }

        @Override
        public List<GenerativeMetric> metrics() {
            return List.of(GenerativeMetric.of("acc"), new GenerativeMetric("parts", false));
        }

        @Override
        public int defaultNumFewshot() {
            return 1;
        }

        @Override
        public List<GenerativeDocument> load(Path data, int numFewshot) {
            List<GenerativeDocument> documents = new ArrayList<>();
            for (int n = 1; n <= 5; n++) {
                String target = Integer.toString(n);
                int letters = n;
                documents.add(GenerativeDocument.of(
                        "q" + n,
                        numFewshot == 0 ? List.of() : List.of(new Example("x", "1")),
                        "a".repeat(n),
                        target,
                        answer -> Map.of(
                                "acc", List.of(answer.equals(target) ? 1.0 : 0.0),
                                "parts", Collections.nCopies(letters, answer.equals(target) ? 1.0 : 0.0))));
            }
            return documents;
        }
    }

    /// Counts right up to three letters.
    private List<Answer> answer(List<Request> requests, GenerationLimits limits, Decoding decoding) {
        requests.forEach(request -> seen.add(request.prompt()));
        return requests.stream()
                .map(request ->
                        new Answer(Integer.toString(Math.min(3, request.prompt().length() - 6)), 1, true, 0))
                .toList();
    }

    private GenerativeResult run(Answers model, boolean resume) {
        var options = new GenerativeEvaluator.Options(
                OptionalInt.empty(), OptionalInt.empty(), false, 42, () -> new AnswerPrompt.Chat((_, _) -> ""));
        return new GenerativeEvaluator(model, 2, (_, _, _, _) -> {})
                .run(new Lengths(), folder, options, resume ? new Resume(folder, "hash", "float32") : null);
    }

    @Test
    void run_averagesDocumentsAndParts() {
        GenerativeResult result = run(this::answer, false);
        // The prompts are "x 1\n\n" and the letters, the longest first.
        assertThat(seen).containsExactly("x 1\n\naaaaa", "x 1\n\naaaa", "x 1\n\naaa", "x 1\n\naa", "x 1\n\na");
        assertThat(result.numFewshot()).isEqualTo(1);
        assertThat(result.aggregates()).extracting(Aggregate::mean).containsExactly(0.0, 0.0);
        GenerativeResult right = run(this::right, false);
        // Documents 1, 2, 3 of 5; letters 1 + 2 + 3 of 15.
        assertThat(right.aggregates()).extracting(Aggregate::mean).containsExactly(0.6, 0.4);
        assertThat(right.aggregates().getFirst().standardError().getAsDouble())
                .isCloseTo(Math.sqrt((3 * 0.16 + 2 * 0.36) / 4 / 5), within(1e-12));
        assertThat(right.aggregates().getLast().standardError()).isEmpty();
    }

    private List<Answer> right(List<Request> requests, GenerationLimits limits, Decoding decoding) {
        requests.forEach(request -> seen.add(request.prompt()));
        return requests.stream()
                .map(request ->
                        new Answer(Integer.toString(Math.min(3, request.prompt().length() - 5)), 1, true, 0))
                .toList();
    }

    @Test
    void run_interrupted_goesOnAtTheItem() throws IOException {
        GenerativeResult whole = run(this::right, false);
        seen.clear();
        assertThatThrownBy(() -> run(
                        (requests, limits, decoding) -> {
                            if (seen.size() == 4) {
                                throw new IllegalStateException("killed");
                            }
                            return right(requests, limits, decoding);
                        },
                        true))
                .hasMessage("killed");
        Path file = PartialSamples.file(folder, "lengths");
        String kept = Files.readString(file);
        assertThat(kept.lines()).hasSize(5);
        Files.writeString(file, kept.substring(0, kept.length() - 7)); // the last line is torn
        seen.clear();
        assertThat(run(this::right, true).samples())
                .extracting(GenerativeSample::answer, GenerativeSample::marks)
                .isEqualTo(whole.samples().stream()
                        .map(one -> tuple(one.answer(), one.marks()))
                        .toList());
        assertThat(seen).containsExactly("x 1\n\naa", "x 1\n\na");
        seen.clear();
        run(this::right, true);
        assertThat(seen).isEmpty();
    }

    @Test
    void run_withAnothersAnswers_isRefused() throws IOException {
        run(this::right, true);
        Path file = PartialSamples.file(folder, "lengths");
        String kept = Files.readString(file);
        Files.writeString(file, kept.replace("\"hash\"", "\"other\""));
        assertThatThrownBy(() -> run(this::right, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("model_hash was \"other\" and is \"hash\" now");
        Files.writeString(file, kept.replaceFirst("\"prompt_hash\":\"..", "\"prompt_hash\":\"zz"));
        assertThatThrownBy(() -> run(this::right, true)).hasMessageContaining("another prompt");
        Files.writeString(file, kept.replaceFirst("\\{\"prompt_hash", "{prompt_hash"));
        assertThatThrownBy(() -> run(this::right, true)).hasMessageContaining(":2: is damaged");
    }

    @Test
    void prompt_withAnAnswersBeginning_endsThere() {
        var chat = new AnswerPrompt.Chat((messages, add) -> {
            StringBuilder text = new StringBuilder();
            for (ChatMessage message : messages) {
                text.append('<')
                        .append(message.role())
                        .append('>')
                        .append(message.content())
                        .append("</>");
            }
            return add ? text + "<assistant>" : text.toString();
        });
        Turn asked = new Turn("user", "go", "");
        var open = new GenerativeDocument("", List.of(asked, new Turn("assistant", "Here:\n", "")), "", _ -> Map.of());
        assertThat(open.prompt(chat)).isEqualTo("<user>go</><assistant>Here:\n");
        assertThat(open.prompt(new AnswerPrompt.Plain())).isEqualTo("goHere:\n");
        assertThat(new GenerativeDocument("", List.of(asked), "", _ -> Map.of()).prompt(chat))
                .isEqualTo("<user>go</><assistant>");
        // A template that strips what it is given strips the beginning too.
        assertThat(AnswerPrompt.endingIn(" Here:\n", "<a>Here:</>")).isEqualTo("<a>Here:");
        assertThatThrownBy(() -> AnswerPrompt.endingIn("Here", "<a></>")).hasMessageContaining("chat_template");
    }
}
