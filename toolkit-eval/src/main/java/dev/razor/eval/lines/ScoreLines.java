package dev.razor.eval.lines;

import dev.razor.core.base.NotNumbers;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.loss.SequenceScorer;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.Progress;
import dev.razor.eval.TokenizedRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How probable a model finds given completions: lines with a prompt and a completion in, lines
/// `{"id", "token_ids", "logprobs", "sum_logprob", "is_greedy"}` out.
public final class ScoreLines {

    /// Sequences of like length are batched within so many batches.
    private static final int CHUNK_BATCHES = 16;

    private ScoreLines() {}

    /// Scores the records of `input` and publishes `output`.
    ///
    /// @return how many lines were written
    /// @throws dev.razor.core.base.DataException if a record cannot be used, before anything is computed
    /// @throws dev.razor.core.base.ConfigException if `output` exists or cannot be written
    public static long run(PretrainedModel model, Path input, Path output, int batchSize, Progress progress) {
        var scorer = new SequenceScorer(model.model(), model.manager(), 1, batchSize);
        return new LineJob<>(
                        "score",
                        batchSize * CHUNK_BATCHES,
                        record -> CompletionRecord.of(record, model),
                        lines -> answers(lines, scorer))
                .run(input, output, progress);
    }

    private static List<ObjectNode> answers(List<Line<TokenizedRequest>> lines, SequenceScorer scorer) {
        List<TokenSequence> sequences = lines.stream()
                .map(line ->
                        TokenSequence.of(line.value().contextIds(), line.value().continuationIds()))
                .toList();
        List<TokenLogProbs.Scores> scores = scorer.score(sequences, false);
        List<ObjectNode> answers = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            answers.add(answer(lines.get(i), scores.get(i)));
        }
        return answers;
    }

    private static ObjectNode answer(Line<TokenizedRequest> line, TokenLogProbs.Scores scores) {
        ObjectNode answer = line.answer();
        ArrayNode ids = answer.putArray("token_ids");
        for (int id : line.value().continuationIds()) {
            ids.add(id);
        }
        ArrayNode logProbs = answer.putArray("logprobs");
        double sum = 0;
        boolean greedy = true;
        for (int t = 0; t < scores.logProbs().length; t++) {
            logProbs.add(scores.logProbs()[t]);
            sum += scores.logProbs()[t];
            greedy &= scores.greedy()[t];
        }
        NotNumbers.refuse(sum, "id " + line.id(), "log-probability");
        return answer.put("sum_logprob", sum).put("is_greedy", greedy);
    }
}
