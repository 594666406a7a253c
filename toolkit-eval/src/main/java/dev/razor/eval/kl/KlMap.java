package dev.razor.eval.kl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenBatch;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.Divergences;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.pretrained.SameTokens;
import dev.razor.core.run.Progress;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.lines.CompletionRecord;
import dev.razor.eval.lines.RecordId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in a text two models disagree: of every token, how far apart the distributions are that it was predicted
/// from.
///
/// @param texts in the order of the file
public record KlMap(List<Text> texts) {

    /// Guesses of each model that are kept of a position.
    private static final int GUESSES = 5;

    /// Positions whose whole distributions exist at a time.
    private static final int CHUNK = 32;

    public KlMap {
        texts = List.copyOf(texts);
    }

    /// One text.
    ///
    /// @param id its name
    public record Text(String id, List<Token> tokens) {

        /// The sum of the forward KL over the tokens that were measured.
        public double forwardKl() {
            return readings().stream().mapToDouble(Reading::forwardKl).sum();
        }

        /// What was measured, in order.
        public List<Reading> readings() {
            List<Reading> readings = new ArrayList<>();
            for (Token token : tokens) {
                if (token.reading() != null) {
                    readings.add(token.reading());
                }
            }
            return readings;
        }
    }

    /// One token.
    ///
    /// @param text a character of several tokens shows as U+FFFD in each of them
    /// @param reading null of a prompt's tokens and of the first token of a text, which nothing predicts
    public record Token(int id, String text, @Nullable Reading reading) {}

    /// What the two models said before they saw a token.
    ///
    /// @param forwardKl KL(base || model) in nats
    /// @param baseLogProb the token's
    /// @param modelLogProb the token's
    /// @param base the base's most probable tokens, from the first down
    /// @param model the model's
    public record Reading(
            double forwardKl, double baseLogProb, double modelLogProb, List<Guess> base, List<Guess> model) {}

    /// A token that a model thought probable.
    public record Guess(String text, double probability) {}

    /// A sequence to map, with the tokens that are measured marked.
    private record Named(String id, TokenSequence tokens) {}

    /// Maps the texts of `file`: a `.txt` file as one text, else records with `text`, or with a prompt (`prompt`,
    /// `prompt_ids`, `messages`) and `completion` or `completion_ids`, of which the completion is measured.
    ///
    /// @throws DataException if a record cannot be used
    public static KlMap of(Path file, PretrainedModel base, PretrainedModel model, Progress progress) {
        SameTokens.require(base, model);
        List<Named> sequences = read(file, base);
        List<Text> texts = new ArrayList<>();
        for (Named one : sequences) {
            texts.add(new Text(one.id, map(one.tokens, base, model)));
            progress.update("map", texts.size(), sequences.size(), "");
        }
        return new KlMap(texts);
    }

    private static List<Named> read(Path file, PretrainedModel base) {
        if (file.toString().endsWith(".txt")) {
            int[] ids = PromptIds.ofText(TextFile.read(file), base.tokenizer());
            requireRoom(file.toString(), ids.length, base);
            return List.of(new Named(String.valueOf(file.getFileName()), TokenSequence.whole(ids)));
        }
        int[] read = {0};
        List<Named> sequences = DataFiles.map(file, record -> named(record, read[0]++, base));
        if (sequences.isEmpty()) {
            throw new DataException("%s: holds no records; give at least one text".formatted(file));
        }
        return sequences;
    }

    private static Named named(JsonRecord record, int number, PretrainedModel base) {
        String id = RecordId.of(record, number).asString();
        if (record.has("text")) {
            int[] ids = PromptIds.ofText(record.text("text"), base.tokenizer());
            requireRoom(record.place() + ": text", ids.length, base);
            return new Named(id, TokenSequence.whole(ids));
        }
        TokenizedRequest request = CompletionRecord.of(record, base);
        return new Named(id, TokenSequence.of(request.contextIds(), request.continuationIds()));
    }

    private static void requireRoom(String where, int tokens, PretrainedModel base) {
        int most = base.model().contextLength();
        if (tokens < 2 || tokens > most) {
            throw new DataException(
                    "%s: has %d tokens; a map needs 2 to the model's context of %d".formatted(where, tokens, most));
        }
    }

    private static List<Token> map(TokenSequence sequence, PretrainedModel base, PretrainedModel model) {
        TokenBatch batch = TokenBatch.of(List.of(sequence));
        List<Reading> readings = new ArrayList<>();
        try (NDScope _ = new NDScope();
                GradMode _ = GradMode.off()) {
            NDArray ofBase = batch.hidden(base.model(), base.manager()); // [M, D]
            NDArray ofModel = batch.hidden(model.model(), model.manager()); // [M, D]
            double[] forwardKl = Divergences.between(
                            ofBase, base.model().head(), ofModel, model.model().head())
                    .forwardKl();
            float[] baseLogProbs = logProbs(base, ofBase, batch);
            float[] modelLogProbs = logProbs(model, ofModel, batch);
            List<List<Guess>> baseGuesses = guesses(base, ofBase, base.tokenizer());
            List<List<Guess>> modelGuesses = guesses(model, ofModel, base.tokenizer());
            for (int m = 0; m < forwardKl.length; m++) {
                readings.add(new Reading(
                        forwardKl[m], baseLogProbs[m], modelLogProbs[m], baseGuesses.get(m), modelGuesses.get(m)));
            }
        }
        List<Token> tokens = new ArrayList<>();
        int m = 0;
        for (int t = 0; t < sequence.length(); t++) {
            int id = sequence.ids()[t];
            Reading reading = t > 0 && sequence.marked()[t] ? readings.get(m++) : null;
            tokens.add(new Token(id, base.tokenizer().decode(new int[] {id}), reading));
        }
        return tokens;
    }

    private static float[] logProbs(PretrainedModel model, NDArray hidden, TokenBatch batch) {
        return TokenLogProbs.of(model.model().head())
                .score(hidden, batch.targets(), false)
                .logProbs();
    }

    private static List<List<Guess>> guesses(PretrainedModel model, NDArray hidden, Tokenizer tokenizer) {
        int count = Math.toIntExact(hidden.getShape().get(0));
        int kept = Math.min(GUESSES, model.model().vocabularySize());
        List<List<Guess>> guesses = new ArrayList<>();
        for (int start = 0; start < count; start += CHUNK) {
            int size = Math.min(CHUNK, count - start);
            try (NDScope _ = new NDScope()) {
                NDArray chunk = Aten.narrow(hidden, 0, start, size); // [C, D]
                NDArray logits = Aten.to(model.model().head().apply(chunk), Dtype.FLOAT32); // [C, V]
                NDArray[] sorted = Aten.sortDescendingLast(Aten.softmaxLast(logits));
                float[] probabilities =
                        Aten.contiguous(Aten.narrow(sorted[0], 1, 0, kept)).toFloatArray();
                long[] ids = Aten.contiguous(Aten.narrow(sorted[1], 1, 0, kept)).toLongArray();
                for (int i = 0; i < size; i++) {
                    List<Guess> best = new ArrayList<>();
                    for (int j = i * kept; j < (i + 1) * kept; j++) {
                        best.add(new Guess(text(ids[j], tokenizer), probabilities[j]));
                    }
                    guesses.add(best);
                }
            }
        }
        return guesses;
    }

    /// A model's head can have more rows than its tokenizer has tokens.
    private static String text(long id, Tokenizer tokenizer) {
        String text = id < tokenizer.size() ? tokenizer.decode(new int[] {Math.toIntExact(id)}) : "";
        return text.isEmpty() ? "#" + id : text;
    }
}
