package dev.razor.sft;

import dev.razor.core.base.ConfigException;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Progress;
import dev.razor.core.tokenizer.BpeTrainer;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.core.train.RunIdentity;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One pre-training run: a tokenizer (given, or trained on the text), random weights, and next-token training
/// on every token of every document, each a sequence of its own that ends in the tokenizer's end token.
public final class PretrainRun {

    private static final JsonMapper JSON = JsonMapper.shared();

    private PretrainRun() {}

    /// Trains and publishes.
    ///
    /// @param texts the documents, without line ends
    /// @param resume go on from the newest checkpoint in the output directory, if there is one
    public static void start(PretrainConfig config, List<String> texts, boolean resume, Progress progress) {
        Path given = config.tokenizer();
        if (given != null) {
            train(config, texts, given, resume, progress);
            return;
        }
        Path trained = trainTokenizer(config, texts);
        try {
            train(config, texts, trained, resume, progress);
        } finally {
            OutputDirectory.delete(trained);
        }
    }

    private static void train(
            PretrainConfig config, List<String> texts, Path tokenizerFiles, boolean resume, Progress progress) {
        try (PretrainedModel model = randomModel(config, tokenizerFiles)) {
            List<TokenSequence> sequences = sequences(texts, model.tokenizer(), config.maxLength());
            Path data = config.data();
            RunIdentity identity =
                    data == null ? RunIdentity.of("pretrain", config) : RunIdentity.of("pretrain", config, data);
            try (TrainingOutput output = TrainingOutput.open(config.output(), identity, config.training(), resume)) {
                if (output.finished()) {
                    return;
                }
                new SftTrainer(model, sequences, config.training()).train(output, progress);
            }
        }
    }

    /// Trains a tokenizer into a temporary directory, with a generation_config.json beside it.
    private static Path trainTokenizer(PretrainConfig config, List<String> texts) {
        try {
            Path directory = Files.createTempDirectory("razor-tokenizer");
            boolean done = false;
            try {
                BpeTrainer.train(texts, Objects.requireNonNull(config.vocabSize()), directory);
                try (Tokenizer tokenizer = Tokenizer.load(directory)) {
                    Files.writeString(
                            directory.resolve("generation_config.json"),
                            JSON.writerWithDefaultPrettyPrinter().writeValueAsString(generationConfig(tokenizer))
                                    + "\n");
                }
                done = true;
                return directory;
            } finally {
                if (!done) {
                    OutputDirectory.delete(directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode generationConfig(Tokenizer tokenizer) {
        ObjectNode json = JSON.createObjectNode().put("do_sample", false);
        put(json, "bos_token_id", tokenizer.bosTokenId());
        put(json, "eos_token_id", tokenizer.eosTokenId());
        put(json, "pad_token_id", tokenizer.padTokenId());
        return json;
    }

    private static void put(ObjectNode json, String key, OptionalInt id) {
        if (id.isPresent()) {
            json.put(key, id.getAsInt());
        }
    }

    private static PretrainedModel randomModel(PretrainConfig config, Path tokenizerFiles) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add("Qwen2ForCausalLM");
        json.put("attention_dropout", 0.0);
        try (Tokenizer tokenizer = Tokenizer.load(tokenizerFiles)) {
            int known = config.vocabSize() == null ? tokenizer.size() : config.vocabSize();
            if (known < tokenizer.size()) {
                throw new ConfigException("vocab_size: %d is less than the %d tokens of the tokenizer in %s; raise it"
                        .formatted(known, tokenizer.size(), tokenizerFiles));
            }
            put(json, "bos_token_id", tokenizer.bosTokenId());
            put(json, "eos_token_id", tokenizer.eosTokenId());
            json.put("vocab_size", known);
        }
        json.put("hidden_act", "silu").put("hidden_size", config.hiddenSize());
        json.put("initializer_range", config.initializerRange());
        json.put("intermediate_size", config.intermediateSize());
        json.put("max_position_embeddings", config.maxPositionEmbeddings());
        json.put("model_type", "qwen2");
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("num_hidden_layers", config.numHiddenLayers());
        json.put("num_key_value_heads", config.numKeyValueHeads());
        json.put("rms_norm_eps", config.rmsNormEps()).put("rope_theta", config.ropeTheta());
        json.put("tie_word_embeddings", config.tieWordEmbeddings()).put("torch_dtype", "float32");
        json.put("use_cache", true).put("use_sliding_window", false);
        return PretrainedModel.random(
                tokenizerFiles,
                json,
                config.training().device(),
                config.initializerRange(),
                config.training().seed());
    }

    private static List<TokenSequence> sequences(List<String> texts, Tokenizer tokenizer, int maxLength) {
        int end = tokenizer
                .eosTokenId()
                .orElseThrow(() -> new ConfigException(
                        "tokenizer: its tokenizer_config.json names no eos_token, so documents would have no end"));
        List<TokenSequence> sequences = new ArrayList<>();
        for (String text : texts) {
            int[] ids = tokenizer.encode(text);
            int[] ended = Arrays.copyOf(ids, ids.length + 1);
            ended[ids.length] = end;
            for (int start = 0; start < ended.length - 1; start += maxLength) {
                int[] piece = Arrays.copyOfRange(ended, start, Math.min(ended.length, start + maxLength));
                sequences.add(TokenSequence.whole(piece));
            }
        }
        return sequences;
    }
}
