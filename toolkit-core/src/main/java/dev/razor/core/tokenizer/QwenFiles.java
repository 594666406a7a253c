package dev.razor.core.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The files of a tokenizer of Qwen2.5's structure: its 22 added tokens after the vocabulary, its normaliser, its
/// split and its chat template, around a vocabulary and merges of one's own.
final class QwenFiles {

    /// The added tokens in Qwen2.5's order, by the names that follow the vocabulary.
    static final List<String> ADDED_TOKENS = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|object_ref_start|>",
            "<|object_ref_end|>",
            "<|box_start|>",
            "<|box_end|>",
            "<|quad_start|>",
            "<|quad_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|vision_pad|>",
            "<|image_pad|>",
            "<|video_pad|>",
            "<tool_call>",
            "</tool_call>",
            "<|fim_prefix|>",
            "<|fim_middle|>",
            "<|fim_suffix|>",
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>");

    /// How a text is cut before pairs are merged; merges never reach over a cut.
    static final String SPLIT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /// The first 14 added tokens are special, which means that decoding can leave them out.
    private static final int SPECIAL = 14;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private QwenFiles() {}

    /// Writes tokenizer.json, tokenizer_config.json, vocab.json and merges.txt.
    ///
    /// @param vocabulary ids from 0, without the added tokens
    /// @param merges two tokens with a blank between them, in the order in which they are applied
    static void write(Map<String, Integer> vocabulary, List<String> merges, Path directory) {
        try {
            Files.createDirectories(directory);
            ObjectNode ids = MAPPER.createObjectNode();
            vocabulary.forEach(ids::put);
            Files.writeString(directory.resolve("tokenizer.json"), json(tokenizer(ids, merges)));
            Files.writeString(directory.resolve("tokenizer_config.json"), json(config(vocabulary.size())));
            Files.writeString(directory.resolve("vocab.json"), json(ids) + "\n");
            Files.writeString(directory.resolve("merges.txt"), String.join("\n", merges) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode tokenizer(ObjectNode vocabulary, List<String> merges) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int i = 0; i < ADDED_TOKENS.size(); i++) {
            added.addObject()
                    .put("id", vocabulary.size() + i)
                    .put("content", ADDED_TOKENS.get(i))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", i < SPECIAL);
        }
        root.putObject("normalizer").put("type", "NFC");
        ObjectNode preTokenizer = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = preTokenizer.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", SPLIT);
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject());
        byteLevel(root.putObject("post_processor"));
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        model.set("vocab", vocabulary);
        ArrayNode list = model.putArray("merges");
        merges.forEach(list::add);
        return root;
    }

    private static void byteLevel(ObjectNode step) {
        step.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static ObjectNode config(int firstAddedId) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("add_bos_token", false).put("add_prefix_space", false);
        ObjectNode decoder = root.putObject("added_tokens_decoder");
        for (int i = 0; i < ADDED_TOKENS.size(); i++) {
            decoder.putObject(String.valueOf(firstAddedId + i))
                    .put("content", ADDED_TOKENS.get(i))
                    .put("lstrip", false)
                    .put("normalized", false)
                    .put("rstrip", false)
                    .put("single_word", false)
                    .put("special", i < SPECIAL);
        }
        ArrayNode additional = root.putArray("additional_special_tokens");
        ADDED_TOKENS.subList(1, SPECIAL).forEach(additional::add);
        root.putNull("bos_token");
        root.put("chat_template", chatTemplate());
        root.put("clean_up_tokenization_spaces", false);
        root.put("eos_token", "<|im_end|>").put("errors", "replace").put("model_max_length", 131072);
        root.put("pad_token", "<|endoftext|>").put("split_special_tokens", false);
        root.put("tokenizer_class", "Qwen2Tokenizer").putNull("unk_token");
        return root;
    }

    private static String chatTemplate() {
        String name = "qwen2.5-chat-template.jinja";
        try (InputStream resource = QwenFiles.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("the resource " + name + " is not in the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// JSON with the line breaks of Hugging Face's files.
    private static String json(ObjectNode node) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        return MAPPER.writer().with(printer).writeValueAsString(node);
    }
}
