package dev.razor.core.tokenizer;

import dev.razor.core.base.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// What the files of a model's directory say about its tokens, apart from how text is cut.
///
/// @param size how many tokens there are, the added ones included
/// @param specialIds the added tokens that are marked as special
/// @param specialTokens the texts of `bos_token`, `eos_token`, ... as far as the model has them
/// @param addBosToken what `add_bos_token` says, if anything
/// @param stopIds see [Tokenizer#stopTokenIds()]
record TokenizerFiles(
        int size,
        Set<Integer> specialIds,
        Map<String, String> specialTokens,
        OptionalInt bosId,
        OptionalInt eosId,
        OptionalInt padId,
        Optional<Boolean> addBosToken,
        List<Integer> stopIds,
        Optional<ChatTemplate> chatTemplate) {

    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /// Reads the directory; `tokenizer` is its tokenizer.json, already parsed.
    static TokenizerFiles read(Path directory, JsonFile tokenizer) {
        JsonFile config = JsonFile.read(directory.resolve("tokenizer_config.json"));
        Optional<JsonFile> model = JsonFile.readIfPresent(directory.resolve("config.json"));
        Optional<JsonFile> generation = JsonFile.readIfPresent(directory.resolve("generation_config.json"));

        JsonNode vocabulary = tokenizer.root().path("model").path("vocab");
        if (!vocabulary.isContainer()) {
            throw tokenizer.wrong("model.vocab", "the vocabulary", vocabulary);
        }
        Map<String, Integer> added = new LinkedHashMap<>();
        Set<Integer> special = new TreeSet<>();
        // a unigram model lists its pieces as [text, score]
        Set<String> pieces = vocabulary.isObject()
                ? new HashSet<>(vocabulary.propertyNames())
                : vocabulary.values().stream()
                        .map(piece -> piece.path(0).asString(""))
                        .collect(Collectors.toCollection(HashSet::new));
        for (JsonNode token : tokenizer.root().path("added_tokens").values()) {
            int id = tokenizer.id("added_tokens.id", token.path("id"));
            String content = token.path("content").asString("");
            added.put(content, id);
            if (token.path("special").asBoolean(false)) {
                special.add(id);
            }
            pieces.add(content);
        }
        Map<String, String> specialTokens = new LinkedHashMap<>();
        NAMES.forEach(name -> config.token(name).ifPresent(text -> specialTokens.put(name, text)));

        Ids ids = new Ids(config, model, added, vocabulary);
        OptionalInt eos = ids.of("eos_token");
        int[] generationStops =
                generation.or(() -> model).map(file -> file.ids("eos_token_id")).orElse(new int[0]);
        List<Integer> stops = IntStream.concat(eos.stream(), IntStream.of(generationStops))
                .distinct()
                .boxed()
                .toList();
        JsonNode addBos = config.root().path("add_bos_token");
        return new TokenizerFiles(
                pieces.size(),
                special,
                specialTokens,
                ids.of("bos_token"),
                eos,
                ids.of("pad_token"),
                addBos.isBoolean() ? Optional.of(addBos.booleanValue()) : Optional.empty(),
                stops,
                chatTemplate(directory, config, specialTokens));
    }

    /// The ids of the tokens that tokenizer_config.json names. A token it says nothing about, not even null,
    /// has the id that config.json gives.
    private record Ids(JsonFile config, Optional<JsonFile> model, Map<String, Integer> added, JsonNode vocabulary) {

        OptionalInt of(String name) {
            if (!config.has(name)) {
                return model.map(file -> file.firstId(name + "_id")).orElse(OptionalInt.empty());
            }
            Optional<String> text = config.token(name);
            if (text.isEmpty()) {
                return OptionalInt.empty();
            }
            Integer id = added.get(text.get());
            if (id == null && vocabulary.path(text.get()).isInt()) {
                id = vocabulary.path(text.get()).intValue();
            }
            if (id == null) {
                throw new CheckpointException("%s: %s is no token of tokenizer.json, got '%s'; name one of its tokens"
                        .formatted(config.path(), name, text.get()));
            }
            return OptionalInt.of(id);
        }
    }

    /// The template in chat_template.jinja, or else in tokenizer_config.json: a text, or a list in which the one
    /// called "default" is meant.
    private static Optional<ChatTemplate> chatTemplate(
            Path directory, JsonFile config, Map<String, String> specialTokens) {
        Path file = directory.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return Optional.of(ChatTemplate.parse(file.toString(), JsonFile.text(file), specialTokens));
        }
        JsonNode node = config.root().path("chat_template");
        if (node.isArray()) {
            node = node.values().stream()
                    .filter(entry -> entry.path("name").asString("").equals("default"))
                    .findFirst()
                    .orElseThrow(() -> config.wrong(
                            "chat_template",
                            "a text or a list with an entry called default",
                            config.root().path("chat_template")))
                    .path("template");
        }
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString()) {
            throw config.wrong("chat_template", "a text or a list of {name, template}", node);
        }
        return Optional.of(ChatTemplate.parse(config.path() + ": chat_template", node.stringValue(), specialTokens));
    }
}
