package dev.razor.eval.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.core.testing.Golden;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.PlainScores;
import dev.razor.eval.TokenizedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharedPrefixScoringTest {

    /// Documents of four choices, some of one token, after a block that all share; and two that share nothing.
    private static List<TokenizedRequest> requests() {
        var random = new Random(11);
        int[] block = random.ints(30, 0, 700).toArray();
        var requests = new ArrayList<TokenizedRequest>();
        for (int document = 0; document < 5; document++) {
            int[] question = random.ints(5 + 4L * document, 0, 700).toArray();
            int[] context = new int[block.length + question.length];
            System.arraycopy(block, 0, context, 0, block.length);
            System.arraycopy(question, 0, context, block.length, question.length);
            for (int choice = 0; choice < 4; choice++) {
                int length = document < 2 ? 1 : 1 + random.nextInt(12);
                requests.add(new TokenizedRequest(
                        context, random.ints(length, 0, 700).toArray()));
            }
        }
        requests.add(new TokenizedRequest(new int[] {699}, new int[] {3, 4, 5}));
        requests.add(new TokenizedRequest(new int[] {12}, new int[] {7}));
        return requests;
    }

    /// A score does not depend on sharing or on how many requests are computed together, and is the one of a
    /// plain forward pass over the request alone.
    @Test
    void score_dependsOnTheRequestAlone() {
        List<TokenizedRequest> requests = requests();
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"))) {
            List<LogLikelihood> expected = requests.stream()
                    .map(request -> PlainScores.of(model, request))
                    .toList();
            for (int batchSize : new int[] {1, 2, 5, 100}) {
                for (boolean sharing : new boolean[] {true, false}) {
                    List<LogLikelihood> found =
                            new ModelLogLikelihoods(model, batchSize, Progress.silent(), sharing).score(requests);
                    for (int i = 0; i < requests.size(); i++) {
                        assertThat(found.get(i).sum())
                                .as("request %d, batch size %d, sharing %s", i, batchSize, sharing)
                                .isCloseTo(expected.get(i).sum(), within(1e-5));
                        assertThat(found.get(i).greedy())
                                .isEqualTo(expected.get(i).greedy());
                    }
                }
            }
        }
    }

    @Test
    void batches_holdEveryRequestOnceWithinTheirTokens() {
        List<TokenizedRequest> requests = requests();
        try (PretrainedModel model = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"))) {
            for (int batchSize : new int[] {1, 3}) {
                List<ScoringBatch> batches =
                        new ModelLogLikelihoods(model, batchSize, Progress.silent(), true).batches(requests);
                assertThat(batches.stream().flatMap(batch -> batch.members().stream()))
                        .hasSize(requests.size())
                        .doesNotHaveDuplicates();
                for (ScoringBatch batch : batches) {
                    int longest = batch.members().stream()
                            .map(requests::get)
                            .mapToInt(each -> each.contextIds().length + each.continuationIds().length - 1)
                            .max()
                            .orElseThrow();
                    assertThat(batch.tree().tokens()).isLessThanOrEqualTo(batchSize * longest);
                }
            }
        }
    }
}
