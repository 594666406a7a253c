package dev.razor.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.kl.SamplingPlan;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KlBudgetTest {

    @TempDir
    private Path directory;

    private static KlBudget budget(Path prompts, @Nullable Double budget) {
        return new KlBudget(prompts, 2, 7, budget, KlBudget.Action.STOP);
    }

    @Test
    void passedBy_isStrict_andTakesNoNumberAsPassed() {
        KlBudget half = budget(Path.of("p.jsonl"), 0.5);
        assertThat(half.passedBy(0.5)).isFalse();
        assertThat(half.passedBy(Math.nextUp(0.5))).isTrue();
        assertThat(half.passedBy(Double.NaN)).isTrue();
        assertThat(budget(Path.of("p.jsonl"), null).passedBy(1e9)).isFalse();
    }

    @Test
    void plan_readsThePrompts() throws IOException {
        Path file = directory.resolve("p.jsonl");
        Files.writeString(file, "{\"prompt_ids\": [3, 4]}\n{\"prompt\": \"one\"}\n");
        try (PretrainedModel base = PretrainedModel.load(Golden.model(), LoadOptions.frozen("cpu", "float32"))) {
            SamplingPlan plan = budget(file, null).plan(base, 9, 4);
            assertThat(plan.prompts()).hasSize(2);
            assertThat(plan.prompts().getFirst()).containsExactly(3, 4);
            assertThat(plan.samples()).isEqualTo(2);
            assertThat(plan.maxNewTokens()).isEqualTo(7);
            assertThat(plan.stopTokens()).containsExactly(base.tokenizer().stopTokenIds());
            Files.writeString(file, "{\"prompt_ids\": [3, 4]}\n{\"prompt_ids\": []}\n");
            assertThatThrownBy(() -> budget(file, null).plan(base, 9, 4))
                    .isInstanceOf(DataException.class)
                    .hasMessage(file + ":2: prompt_ids: is empty; a prompt needs at least one token");
        }
    }
}
