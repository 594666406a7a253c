package dev.razor.study.report;

import dev.razor.core.kl.BaseSamples;
import dev.razor.core.kl.KlSequence;
import dev.razor.eval.kl.KlMap;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `runs/RUN/kl_map.json`, where in some texts a run's model disagrees with its base, for the report to
/// show: `{"texts": [{"id", "tokens": [{"id", "text", "kl", "base_logp", "model_logp", "base": [["text", 0.5],
/// ...], "model": [...]}]}]}`; a token that was not measured has neither `kl` nor what follows it.
public final class KlMapJson {

    /// The file's name in a run's directory.
    public static final String FILE = "kl_map.json";

    private static final JsonMapper JSON = JsonMapper.shared();

    private KlMapJson() {}

    /// Writes the file of texts that [KlMap#of] maps: the first samples of the base model, of different prompts.
    ///
    /// @param count how many at most
    public static void writeTexts(Path file, BaseSamples samples, int count) {
        List<Integer> prompts = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (KlSequence sequence : samples.sequences()) {
            if (prompts.size() < count && !prompts.contains(sequence.prompt())) {
                prompts.add(sequence.prompt());
                ObjectNode line = JSON.createObjectNode().put("id", "prompt " + (sequence.prompt() + 1));
                ids(line.putArray("prompt_ids"), sequence.promptIds());
                ids(line.putArray("completion_ids"), sequence.completionIds());
                lines.append(line).append('\n');
            }
        }
        AtomicFile.write(file, lines.toString());
    }

    private static void ids(ArrayNode array, int[] ids) {
        for (int id : ids) {
            array.add(id);
        }
    }

    /// Writes `map` to `file`.
    public static void write(Path file, KlMap map) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode texts = root.putArray("texts");
        for (KlMap.Text text : map.texts()) {
            ArrayNode tokens = texts.addObject().put("id", text.id()).putArray("tokens");
            text.tokens().forEach(token -> fill(tokens.addObject(), token));
        }
        AtomicFile.write(file, root + "\n");
    }

    private static void fill(ObjectNode node, KlMap.Token token) {
        node.put("id", token.id()).put("text", token.text());
        KlMap.Reading reading = token.reading();
        if (reading != null) {
            node.put("kl", reading.forwardKl())
                    .put("base_logp", reading.baseLogProb())
                    .put("model_logp", reading.modelLogProb());
            guesses(node.putArray("base"), reading.base());
            guesses(node.putArray("model"), reading.model());
        }
    }

    private static void guesses(ArrayNode array, List<KlMap.Guess> guesses) {
        guesses.forEach(guess -> array.addArray().add(guess.text()).add(guess.probability()));
    }

    /// What [#write] wrote; null where the file is absent or no such map: a report only looks on.
    static @Nullable KlMap read(Path file) {
        try {
            JsonNode root = JSON.readTree(file.toFile());
            List<KlMap.Text> texts = new ArrayList<>();
            for (JsonNode text : root.path("texts").values()) {
                texts.add(new KlMap.Text(
                        text.path("id").asString(""),
                        text.path("tokens").values().stream()
                                .map(KlMapJson::token)
                                .toList()));
            }
            return new KlMap(texts);
        } catch (JacksonException _) {
            return null;
        }
    }

    private static KlMap.Token token(JsonNode node) {
        KlMap.Reading reading = node.path("kl").isNumber()
                ? new KlMap.Reading(
                        node.path("kl").doubleValue(),
                        node.path("base_logp").asDouble(Double.NaN),
                        node.path("model_logp").asDouble(Double.NaN),
                        guesses(node.path("base")),
                        guesses(node.path("model")))
                : null;
        return new KlMap.Token(node.path("id").asInt(0), node.path("text").asString(""), reading);
    }

    private static List<KlMap.Guess> guesses(JsonNode array) {
        return array.values().stream()
                .map(guess -> new KlMap.Guess(
                        guess.path(0).asString(""), guess.path(1).asDouble(0)))
                .toList();
    }
}
