package dev.razor.study.work;

import dev.razor.core.base.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The kinds of study there are, by the key `experiment` of a study file.
public enum Experiment {
    /// Fine-tuning of a language model; where the key is absent.
    LANGUAGE_MODEL,
    /// The toy experiment of RL's Razor on pictures.
    PARITYMNIST;

    /// The kind of the study that `file` describes. A file that cannot be read as YAML is a language model's
    /// study, whose reader says what is wrong with it.
    ///
    /// @throws ConfigException if there is no such kind
    public static Experiment of(Path file) {
        if (!Files.isRegularFile(file)) {
            return LANGUAGE_MODEL;
        }
        JsonNode named;
        try {
            named = YAMLMapper.shared().readTree(file.toFile()).path("experiment");
        } catch (JacksonException _) {
            return LANGUAGE_MODEL;
        }
        if (named.isMissingNode()) {
            return LANGUAGE_MODEL;
        }
        return Arrays.stream(values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(named.asString("")))
                .findFirst()
                .orElseThrow(() -> new ConfigException("%s: experiment: expected %s, got %s"
                        .formatted(
                                file,
                                String.join(
                                        " or ",
                                        Arrays.stream(values())
                                                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                                .toList()),
                                named)));
    }
}
