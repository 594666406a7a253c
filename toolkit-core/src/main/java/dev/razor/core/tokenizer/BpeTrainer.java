package dev.razor.core.tokenizer;

import dev.razor.core.base.Check;
import dev.razor.core.base.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Trains a byte-level BPE tokenizer of Qwen2.5's structure on texts.
///
/// Texts are cut into pieces, pieces into bytes. Then, until the vocabulary is full, the most frequent pair of
/// neighbouring tokens becomes a new token wherever it stands:
///
/// ```
/// count(a, b) = sum over pieces of (piece's frequency) * (times b follows a in it)
/// next merge  = the pair of largest count, which must be 2 or more;
///               of equal ones, the one whose (id(a), id(b)) is smallest
/// ```
///
/// The ids are the 256 bytes in the order of the characters that stand for them, the merged tokens in the order
/// of their merges, the added tokens. The result depends on nothing but the texts and the size.
///
/// @see <a href="https://aclanthology.org/P16-1162">Sennrich, Haddow, Birch 2016</a>, whose words are our pieces
public final class BpeTrainer {

    private static final int BYTES = 256;
    private static final Pattern PIECE = Pattern.compile(QwenFiles.SPLIT, Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern ADDED =
            Pattern.compile(QwenFiles.ADDED_TOKENS.stream().map(Pattern::quote).collect(Collectors.joining("|")));

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> merges = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();

    private BpeTrainer() {}

    /// A distinct piece of the texts, as the tokens it consists of so far.
    private static final class Word {
        private int[] ids;
        private final long frequency;

        Word(int[] ids, long frequency) {
            this.ids = ids;
            this.frequency = frequency;
        }
    }

    /// How often a pair stands in the texts, and in which words it may stand.
    private static final class Pair {
        private long count;
        private final Set<Integer> words = new HashSet<>();
    }

    /// The fewest tokens a vocabulary can have: the bytes and the added tokens.
    public static int smallestVocabulary() {
        return BYTES + QwenFiles.ADDED_TOKENS.size();
    }

    /// Trains on `texts` and writes tokenizer.json, tokenizer_config.json, vocab.json and merges.txt.
    ///
    /// @param vocabularySize how many tokens there will be, the 256 bytes and the 22 added tokens included
    public static void train(Iterable<String> texts, int vocabularySize, Path directory) {
        int size = vocabularySize - QwenFiles.ADDED_TOKENS.size();
        Check.that(
                size >= BYTES,
                "a vocabulary holds 256 bytes and %d added tokens at least, got %d",
                QwenFiles.ADDED_TOKENS.size(),
                vocabularySize);
        BpeTrainer trainer = new BpeTrainer();
        trainer.count(texts);
        while (trainer.tokens.size() < size) {
            trainer.mergeNext(size);
        }
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        trainer.tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        QwenFiles.write(vocabulary, trainer.merges, directory);
    }

    private void count(Iterable<String> texts) {
        String[] byteTexts = byteTexts();
        Arrays.stream(byteTexts).sorted().forEach(this::idOf);
        int[] byteIds = Arrays.stream(byteTexts).mapToInt(this::idOf).toArray();
        Map<String, Long> frequencies = new LinkedHashMap<>();
        for (String text : texts) {
            forEachPiece(text, piece -> frequencies.merge(piece, 1L, Long::sum));
        }
        frequencies.forEach((piece, frequency) -> {
            byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
            int[] ids = new int[bytes.length];
            Arrays.setAll(ids, i -> byteIds[bytes[i] & 0xff]);
            words.add(new Word(ids, frequency));
            countPairs(words.size() - 1, 1);
        });
    }

    /// The characters that stand for the bytes 0 to 255 in a vocabulary: a byte that is a visible character of
    /// Latin-1 stands for itself, the others are the characters from U+0100.
    static String[] byteTexts() {
        String[] texts = new String[BYTES];
        int next = 0x100;
        for (int i = 0; i < BYTES; i++) {
            boolean visible = (i > ' ' && i < 0x7f) || (i > 0xa0 && i != 0xad);
            texts[i] = Character.toString(visible ? i : next++);
        }
        return texts;
    }

    /// Normalises a text and cuts it into pieces; the added tokens in it are no part of any piece.
    static void forEachPiece(String text, Consumer<String> use) {
        for (String between : ADDED.split(text, -1)) {
            Matcher piece = PIECE.matcher(Normalizer.normalize(between, Normalizer.Form.NFC));
            while (piece.find()) {
                use.accept(piece.group());
            }
        }
    }

    private void countPairs(int word, int sign) {
        int[] ids = words.get(word).ids;
        for (int i = 0; i + 1 < ids.length; i++) {
            Pair pair = pairs.computeIfAbsent(key(ids[i], ids[i + 1]), _ -> new Pair());
            pair.count += sign * words.get(word).frequency;
            pair.words.add(word);
        }
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private void mergeNext(int wanted) {
        long best = best(wanted);
        int left = (int) (best >> 32);
        int right = (int) best;
        merges.add(tokens.get(left) + " " + tokens.get(right));
        int merged = idOf(tokens.get(left) + tokens.get(right));
        Pair pair = pairs.get(best);
        for (int word : pair == null ? List.<Integer>of() : List.copyOf(pair.words)) {
            countPairs(word, -1);
            words.get(word).ids = merge(words.get(word).ids, left, right, merged);
            countPairs(word, 1);
        }
        pairs.remove(best);
    }

    /// The id of a merged token. Different pairs may make the same text, which is then one token with several
    /// merges.
    private int idOf(String token) {
        Integer id = ids.putIfAbsent(token, tokens.size());
        if (id == null) {
            tokens.add(token);
        }
        return id == null ? tokens.size() - 1 : id;
    }

    /// The key of the next pair. Its order settles every tie, so that the map's own order does not matter.
    private long best(int wanted) {
        long best = -1;
        long count = 1;
        for (Map.Entry<Long, Pair> entry : pairs.entrySet()) {
            long other = entry.getValue().count;
            if (other > count || (other == count && best >= 0 && entry.getKey() < best)) {
                best = entry.getKey();
                count = other;
            }
        }
        if (best < 0) {
            throw new DataException(
                    "texts: no pair of tokens stands there twice with %d of %d tokens made; give more text or a smaller vocabulary"
                            .formatted(tokens.size(), wanted));
        }
        return best;
    }

    private static int[] merge(int[] ids, int left, int right, int merged) {
        int[] result = new int[ids.length];
        int length = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean here = ids[i] == left && i + 1 < ids.length && ids[i + 1] == right;
            result[length++] = here ? merged : ids[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(result, length);
    }
}
