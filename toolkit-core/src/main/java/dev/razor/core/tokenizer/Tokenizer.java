package dev.razor.core.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.razor.core.base.Check;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.base.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A model's tokenizer: text to token ids and back, by Hugging Face's own implementation.
///
/// Nothing is added, cut off or padded: special tokens stand in the ids where their texts stand in the text.
public final class Tokenizer implements AutoCloseable {

    private static final Map<String, String> PLAIN =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final Path directory;
    private final HuggingFaceTokenizer delegate;
    private final TokenizerFiles files;

    private Tokenizer(Path directory, HuggingFaceTokenizer delegate, TokenizerFiles files) {
        this.directory = directory;
        this.delegate = delegate;
        this.files = files;
    }

    /// Reads tokenizer.json, tokenizer_config.json and, where they exist, generation_config.json, config.json and
    /// chat_template.jinja.
    public static Tokenizer load(Path modelDirectory) {
        if (!Files.isDirectory(modelDirectory)) {
            throw new CheckpointException(
                    modelDirectory + ": there is no such directory; give the directory of a Hugging Face model");
        }
        JsonFile tokenizer = JsonFile.read(modelDirectory.resolve("tokenizer.json"));
        TokenizerFiles files = TokenizerFiles.read(modelDirectory, tokenizer);
        return new Tokenizer(modelDirectory, open(tokenizer.path()), files);
    }

    private static HuggingFaceTokenizer open(Path file) {
        byte[] json = JsonFile.text(file).getBytes(StandardCharsets.UTF_8);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), PLAIN);
        } catch (IOException | RuntimeException e) {
            throw new CheckpointException(
                    "%s: not a tokenizer of the Hugging Face library, %s; replace the file"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /// The token ids of `text`. The texts of added tokens, such as `<|im_end|>`, become these tokens.
    public int[] encode(String text) {
        return toInts(nativeEncoding(text).getIds());
    }

    /// The tokens of `text` with their places in it.
    EncodedText encodeWithPlaces(String text) {
        Encoding encoding = nativeEncoding(text);
        long[] ids = encoding.getIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        // the library counts code points, Java counts chars
        int[] charIndex = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 0, c = 0; i < charIndex.length; i++) {
            charIndex[i] = c;
            c += i < charIndex.length - 1 ? Character.charCount(text.codePointAt(c)) : 0;
        }
        List<EncodedText.Token> tokens = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            tokens.add(new EncodedText.Token(
                    Math.toIntExact(ids[i]), charIndex[spans[i].getStart()], charIndex[spans[i].getEnd()]));
        }
        return new EncodedText(tokens);
    }

    private Encoding nativeEncoding(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && Character.isSurrogate(c)) {
                throw new DataException(
                        "text: half a character (U+%04X) at index %d, which no encoding can write; mend the text"
                                .formatted((int) c, i));
            }
            i += pair ? 1 : 0;
        }
        return delegate.encode(text, false, false);
    }

    /// The text of `ids`, special tokens included.
    public String decode(int[] ids) {
        return decode(ids, false);
    }

    /// The text of `ids`. An id without a token, as the padding rows of an embedding have, stands for no text;
    /// bytes that are not UTF-8 become U+FFFD.
    public String decode(int[] ids, boolean skipSpecialTokens) {
        for (int id : ids) {
            Check.that(id >= 0, "a token id must not be negative, got %d", id);
        }
        return ids.length == 0 ? "" : delegate.decode(toLongs(ids), skipSpecialTokens);
    }

    /// The token that opens a text, if the model has one.
    public OptionalInt bosTokenId() {
        return files.bosId();
    }

    /// The token that closes a text or, in a chat model, a turn.
    public OptionalInt eosTokenId() {
        return files.eosId();
    }

    /// The token that fills up a batch's shorter sequences.
    public OptionalInt padTokenId() {
        return files.padId();
    }

    /// The tokens that end a generated text: the tokenizer's [#eosTokenId()] and then those of
    /// generation_config.json, or of config.json where there is no generation_config.json. Each once.
    public int[] stopTokenIds() {
        return files.stopIds().stream().mapToInt(Integer::intValue).toArray();
    }

    /// Whether the reference puts [#bosTokenId()] before a text when asked for special tokens: what
    /// tokenizer_config.json says or, if it is silent, what tokenizer.json does.
    public boolean addBosToken() {
        return files.addBosToken().orElseGet(() -> {
            long[] ids = delegate.encode("", true, false).getIds();
            return ids.length > 0 && files.bosId().equals(OptionalInt.of(Math.toIntExact(ids[0])));
        });
    }

    /// How many tokens there are, the added ones included. A model may have more rows than that.
    public int size() {
        return files.size();
    }

    /// Whether `id` is marked as special in tokenizer.json.
    public boolean isSpecial(int id) {
        return files.specialIds().contains(id);
    }

    /// The model's chat template, if it has one.
    public Optional<ChatTemplate> chatTemplate() {
        return files.chatTemplate();
    }

    /// The model's chat template, or a [CheckpointException] if it has none.
    public ChatTemplate requireChatTemplate() {
        return chatTemplate()
                .orElseThrow(() -> new CheckpointException(directory.resolve("tokenizer_config.json")
                        + ": there is no chat_template, which messages need; add one, or use prompt and completion"));
    }

    @Override
    public void close() {
        delegate.close();
    }

    private static int[] toInts(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    private static long[] toLongs(int[] ids) {
        return Arrays.stream(ids).asLongStream().toArray();
    }
}
