package dev.razor.core.pretrained;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.run.JsonReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether the token ids of two models mean the same, without which their distributions cannot be compared.
///
/// What is compared is which text each id stands for. The rest of a tokenizer.json (how it is laid out, how
/// merges are written, padding) changes with the version of the library that saved it and is of no account,
/// because only the base model's tokenizer reads text.
public final class SameTokens {

    private static final String FILE = "tokenizer.json";

    private SameTokens() {}

    /// Throws unless both have the same number of ids and every id stands for the same text in both.
    ///
    /// @throws CheckpointException naming the sizes, or the first id that differs
    public static void require(PretrainedModel base, PretrainedModel model) {
        int baseSize = base.model().vocabularySize();
        int modelSize = model.model().vocabularySize();
        if (baseSize != modelSize) {
            throw new CheckpointException(
                    "%s: vocab_size is %d, but that of %s is %d; only models of one vocabulary can be compared"
                            .formatted(
                                    model.directory().resolve("config.json"), modelSize, base.directory(), baseSize));
        }
        requireTexts(base, model);
    }

    /// Throws unless every id stands for the same text in both tokenizers. The models may differ in how many ids
    /// they have room for, as those of one family do.
    ///
    /// @throws CheckpointException naming the first id that differs
    public static void requireTexts(PretrainedModel base, PretrainedModel model) {
        Path baseFile = base.directory().resolve(FILE);
        Path modelFile = model.directory().resolve(FILE);
        // Without the files there are only ids, which the user vouches for.
        if (!baseFile.equals(modelFile) && Files.exists(baseFile) && Files.exists(modelFile)) {
            requireSame(baseFile, tokens(baseFile), modelFile, tokens(modelFile));
        }
    }

    private static void requireSame(
            Path baseFile, Map<Long, String> baseTokens, Path modelFile, Map<Long, String> modelTokens) {
        if (baseTokens.equals(modelTokens)) {
            return;
        }
        var all = new TreeMap<>(baseTokens);
        all.putAll(modelTokens);
        for (long id : all.keySet()) {
            String expected = baseTokens.get(id);
            String found = modelTokens.get(id);
            if (expected == null || !expected.equals(found)) {
                throw new CheckpointException(
                        "%s: token %d is %s, but in %s it is %s; only models whose tokens mean the same can be compared, or teach each other"
                                .formatted(modelFile, id, shown(found), baseFile, shown(expected)));
            }
        }
    }

    private static String shown(@Nullable String token) {
        return token == null ? "missing" : "'" + token.replace("\n", "\\n") + "'";
    }

    /// The text of each id; a unigram vocabulary, a list of pieces, numbers them in its order.
    private static Map<Long, String> tokens(Path file) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(file.toFile());
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: not valid JSON: %s; replace the file".formatted(file, JsonReason.of(e)), e);
        }
        Map<Long, String> tokens = new TreeMap<>();
        JsonNode vocabulary = root.path("model").path("vocab");
        vocabulary.properties().forEach(entry -> tokens.put(entry.getValue().asLong(-1), entry.getKey()));
        if (vocabulary.isArray()) {
            for (int i = 0; i < vocabulary.size(); i++) {
                tokens.put((long) i, vocabulary.path(i).path(0).asString(""));
            }
        }
        for (JsonNode token : root.path("added_tokens").values()) {
            tokens.put(token.path("id").asLong(-1), token.path("content").asString(""));
        }
        return tokens;
    }
}
