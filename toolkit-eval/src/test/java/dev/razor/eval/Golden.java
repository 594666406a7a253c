package dev.razor.eval;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The reference values of the repository's `golden` folder.
public final class Golden {

    /// The end token of model-a; its tokenizer has no bos.
    public static final int EOS = 748;

    private static final Path HOME = Path.of(System.getProperty("razor.home"));

    private Golden() {}

    public static JsonNode json(String file) {
        return JsonMapper.shared().readTree(HOME.resolve("golden/golden").resolve(file));
    }

    /// model-a's tokenizer, which adds no special tokens.
    public static Function<String, int[]> tokenizer() {
        Path file = HOME.resolve("golden/model-a/tokenizer.json");
        try {
            // Without these DJL cuts every text at 512 tokens.
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
            return text -> LongStream.of(tokenizer.encode(text, false, false).getIds())
                    .mapToInt(Math::toIntExact)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static EncodePair pairs() {
        return new EncodePair(tokenizer(), EOS, 32_768);
    }

    /// Qwen2.5's chat template for conversations without tools.
    public static String chat(List<ChatMessage> messages) {
        var text = new StringBuilder();
        if (!messages.getFirst().role().equals("system")) {
            text.append(
                    "<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\n");
        }
        for (ChatMessage message : messages) {
            text.append("<|im_start|>%s\n%s<|im_end|>\n".formatted(message.role(), message.content()));
        }
        return text.append("<|im_start|>assistant\n").toString();
    }

    public static List<Integer> integers(JsonNode array) {
        return array.valueStream().map(JsonNode::asInt).toList();
    }

    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
