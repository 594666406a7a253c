package dev.razor.eval.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.SharedData;
import dev.razor.eval.EncodePair;
import dev.razor.eval.Evaluator;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.PlainScores;
import dev.razor.eval.PromptStyle;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.benchmarks.HellaSwag;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// HellaSwag's endings under the quick start's base, which finds them unlikely: sums of 100 tokens and down to -1,700
/// nats, whose last digits show everything.
@Tag("data")
class BatchInvarianceTest {

    private static final int DOCUMENTS = 12;

    @ParameterizedTest
    @CsvSource({"float32, 1e-5", "float64, 1e-10"})
    void score_dependsNeitherOnTheBatchNorOnSharing(String dtype, double bound) {
        Path data = SharedData.at("eval");
        Path base = Path.of(System.getProperty("razor.home"), "examples/quickstart/base");
        try (PretrainedModel model = PretrainedModel.load(base, LoadOptions.frozen("cpu", dtype))) {
            EncodePair pairs = EncodePair.of(model.tokenizer(), model.model().contextLength());
            var options = new Evaluator.Options(OptionalInt.of(DOCUMENTS), 0, new PromptStyle.Plain());
            List<TokenizedRequest> requests =
                    new Evaluator(pairs, _ -> List.of()).requests(new HellaSwag(), data, options);
            List<LogLikelihood> expected = new ModelLogLikelihoods(model, 1, Progress.silent(), false).score(requests);
            assertThat(expected).anyMatch(score -> score.sum() < -500);
            if (dtype.equals("float32")) {
                assertThat(expected.getFirst().sum())
                        .isCloseTo(PlainScores.of(model, requests.getFirst()).sum(), within(bound));
            }
            for (int batchSize : new int[] {1, 3, 8, 64}) {
                for (boolean sharing : new boolean[] {false, true}) {
                    List<LogLikelihood> found =
                            new ModelLogLikelihoods(model, batchSize, Progress.silent(), sharing).score(requests);
                    for (int i = 0; i < requests.size(); i++) {
                        assertThat(found.get(i).sum())
                                .as("request %d, batch size %d, sharing %s", i, batchSize, sharing)
                                .isCloseTo(expected.get(i).sum(), within(bound));
                        assertThat(found.get(i).greedy())
                                .isEqualTo(expected.get(i).greedy());
                    }
                }
            }
        }
    }
}
