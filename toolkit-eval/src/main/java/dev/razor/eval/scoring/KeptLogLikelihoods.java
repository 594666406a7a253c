package dev.razor.eval.scoring;

import dev.razor.core.base.Check;
import dev.razor.core.run.Progress;
import dev.razor.core.run.Sha256;
import dev.razor.eval.LogLikelihood;
import dev.razor.eval.LogLikelihoods;
import dev.razor.eval.TokenizedRequest;
import dev.razor.eval.partial.PartialSamples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Keeps scores on disk as they are computed, so that an interrupted evaluation goes on where it was.
///
/// Requests are scored in stretches of fixed places; a stretch that is not whole is scored again as a whole, so
/// that the scores of a run that was interrupted are, bit for bit, those of one that was not.
///
/// @param model scores a stretch, and says how far it is
/// @param file see [PartialSamples#file]
/// @param identity what decides the scores besides the requests: model, type, batch size, options
/// @param stretch requests scored together
public record KeptLogLikelihoods(
        Function<Progress, LogLikelihoods> model, Path file, ObjectNode identity, int stretch, Progress progress)
        implements LogLikelihoods {

    public KeptLogLikelihoods {
        Check.that(stretch > 0, "stretch must be positive, got %d", stretch);
    }

    @Override
    public List<LogLikelihood> score(List<TokenizedRequest> requests) {
        ObjectNode whole = identity.deepCopy().put("stretch", stretch).put("requests", digest(requests));
        List<LogLikelihood> scores = new ArrayList<>();
        try (PartialSamples kept = PartialSamples.open(file, whole)) {
            Map<Integer, ObjectNode> done = kept.done();
            for (int start = 0; start < requests.size(); start += stretch) {
                int from = start;
                int to = Math.min(requests.size(), start + stretch);
                if (IntStream.range(from, to).allMatch(done::containsKey)) {
                    IntStream.range(from, to).forEach(i -> scores.add(read(Objects.requireNonNull(done.get(i)))));
                    continue;
                }
                Progress shifted =
                        (what, some, _, detail) -> progress.update(what, from + some, requests.size(), detail);
                List<LogLikelihood> fresh = model.apply(shifted).score(requests.subList(from, to));
                for (int i = from; i < to; i++) {
                    LogLikelihood score = fresh.get(i - from);
                    if (Double.isFinite(score.sum())) { // what is no number ends the evaluation with its place
                        kept.append(i, line(score));
                    }
                }
                scores.addAll(fresh);
            }
        }
        return scores;
    }

    private static ObjectNode line(LogLikelihood score) {
        return JsonNodeFactory.instance.objectNode().put("sum", score.sum()).put("greedy", score.greedy());
    }

    private static LogLikelihood read(ObjectNode line) {
        return new LogLikelihood(
                line.path("sum").asDouble(), line.path("greedy").asBoolean());
    }

    private static String digest(List<TokenizedRequest> requests) {
        StringBuilder text = new StringBuilder();
        for (TokenizedRequest request : requests) {
            text.append(Arrays.hashCode(request.contextIds()))
                    .append(' ')
                    .append(request.contextIds().length)
                    .append(' ')
                    .append(Arrays.toString(request.continuationIds()))
                    .append('\n');
        }
        return Sha256.ofText(text.toString());
    }
}
