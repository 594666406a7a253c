package dev.razor.core.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class TargetModulesTest {

    private static LinearLayers layers(boolean tied) {
        SequencedMap<String, LinearLayers.Size> sizes = new LinkedHashMap<>();
        for (String name : List.of(
                "model.layers.0.self_attn.q_proj",
                "model.layers.0.mlp.up_proj",
                "model.layers.1.self_attn.q_proj",
                "model.layers.1.mlp.up_proj")) {
            sizes.put(name, new LinearLayers.Size(2, 2));
        }
        if (!tied) {
            sizes.put("lm_head", new LinearLayers.Size(2, 5));
        }
        return new LinearLayers(Path.of("base"), sizes, tied);
    }

    @Test
    void expand_ofAllLinear_isAllButTheHead() {
        assertThat(TargetModules.expand(List.of("all-linear"), layers(false))).containsExactly("q_proj", "up_proj");
        assertThat(TargetModules.expand(List.of("all-linear", "lm_head", "q_proj"), layers(false)))
                .containsExactly("q_proj", "up_proj", "lm_head");
    }

    @Test
    void named_matchesWholeNamesAndEndsBehindADot() {
        assertThat(TargetModules.named(List.of("q_proj"), layers(true)))
                .containsExactly("model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.q_proj");
        assertThat(TargetModules.named(List.of("model.layers.1.mlp.up_proj", "0.mlp.up_proj"), layers(true)))
                .containsExactly("model.layers.0.mlp.up_proj", "model.layers.1.mlp.up_proj");
        assertThat(TargetModules.named(List.of("lm_head"), layers(false))).containsExactly("lm_head");
        assertThat(TargetModules.named(List.of("proj", "q_pro", "layers.0"), layers(false)))
                .isEmpty();
    }

    @Test
    void expand_refusesEachNameThatMeansNoLayer_listingThoseThereAre() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> TargetModules.expand(List.of("query", "q_proj", "lm_head", "gate"), layers(true)));
        assertThat(e.problems())
                .containsExactly(
                        "lora_target_modules: base has no linear layer query; it has q_proj, up_proj; name some of them, or all-linear",
                        "lora_target_modules: lm_head of base is its token table (tie_word_embeddings); leave lm_head out",
                        "lora_target_modules: base has no linear layer gate; it has q_proj, up_proj; name some of them, or all-linear");
    }
}
