package dev.razor.core.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.razor.core.data.TokenSequence;
import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ValidationLossTest {

    /// Rows of unequal numbers of trained tokens, so that a mean over rows or batches is another number.
    @Test
    void of_isTheReferenceLossOverAllTrainedTokens_inAnyBatches() {
        JsonNode golden = Golden.json("sft_loss.json");
        List<TokenSequence> rows = new ArrayList<>();
        for (JsonNode row : golden.path("rows")) {
            rows.add(TokenSequence.of(Golden.ids(row.path("prompt_ids")), Golden.ids(row.path("completion_ids"))));
        }
        assertThat(rows.stream().mapToInt(TokenSequence::predictions).distinct().count())
                .isGreaterThan(1);
        try (LoadedGolden model = LoadedGolden.frozen("model-a")) {
            for (int batchSize : new int[] {1, 3, 64}) {
                assertThat(new ValidationLoss(rows, batchSize).of(model.model(), model.manager()))
                        .isCloseTo(golden.path("loss_mean_over_label_tokens").asDouble(), within(2e-5));
            }
        }
    }

    @Test
    void of_nothingToPredict_saysSo() {
        List<TokenSequence> rows = List.of(TokenSequence.of(new int[] {1, 2}, new int[0]));
        assertThatThrownBy(() -> new ValidationLoss(rows, 4))
                .hasMessage("there is no token to measure a validation loss on");
    }
}
