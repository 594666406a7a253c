package dev.razor.core.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.testing.Golden;
import dev.razor.core.testing.LoadedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StopCheckTest {

    /// Each completion has a check of its own, sees its tokens in order and ends where the check says; the
    /// tokens are those of a completion without a check.
    @Test
    void complete_endsWhereTheCheckSays() {
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode prompt : Golden.json("prompts.json").path("prompts")) {
            prompts.add(new Prompt(Golden.ids(prompt.path("ids")), 0));
        }
        try (LoadedGolden golden = LoadedGolden.frozen("model-a")) {
            var generator = new Generator(golden.model(), golden.manager(), 2);
            List<Completion> free = generator.complete(prompts, SamplingOptions.greedy(9));
            List<List<Integer>> seen = new ArrayList<>();
            SamplingOptions checked = SamplingOptions.greedy(9).withStopCheck(() -> {
                List<Integer> own = new ArrayList<>();
                seen.add(own);
                return id -> {
                    own.add(id);
                    return own.size() == 4;
                };
            });
            List<Completion> found = generator.complete(prompts, checked);
            assertThat(seen).hasSize(prompts.size());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).ids())
                        .containsExactly(Arrays.copyOf(free.get(i).ids(), 4));
                assertThat(found.get(i).stopped()).isTrue();
                assertThat(free.get(i).stopped()).isFalse();
                assertThat(seen.get(i))
                        .containsExactly(
                                Arrays.stream(found.get(i).ids()).boxed().toArray(Integer[]::new));
            }
        }
    }
}
