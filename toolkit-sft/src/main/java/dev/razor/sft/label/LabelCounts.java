package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import tools.jackson.databind.node.ObjectNode;

/// How many samples were drawn and what became of them. Samples that were drawn together with the one that ended
/// a search, but are numbered after it, are in none of these.
///
/// @param samples all of them
/// @param right accepted by the reward, or by none where there is no reward
/// @param wrong judged and not accepted
/// @param truncated cut off at their greatest length
/// @param refusals not answered by the teacher's wish
/// @param failures without an answer
/// @param rewardFailures that the reward could not judge: it threw, took too long or gave no number
public record LabelCounts(
        int samples, int right, int wrong, int truncated, int refusals, int failures, int rewardFailures) {

    /// Failed requests after which a prompt is given up.
    private static final int MOST_FAILURES = 3;

    static final LabelCounts NONE = new LabelCounts(0, 0, 0, 0, 0, 0, 0);

    /// Whether so many requests for one prompt failed that no more are made.
    boolean givenUp() {
        return failures >= MOST_FAILURES;
    }

    LabelCounts plus(LabelCounts other) {
        return new LabelCounts(
                samples + other.samples,
                right + other.right,
                wrong + other.wrong,
                truncated + other.truncated,
                refusals + other.refusals,
                failures + other.failures,
                rewardFailures + other.rewardFailures);
    }

    ObjectNode addTo(ObjectNode json) {
        return json.put("samples", samples)
                .put("right", right)
                .put("wrong", wrong)
                .put("truncated", truncated)
                .put("refusals", refusals)
                .put("failures", failures)
                .put("reward_failures", rewardFailures);
    }

    static LabelCounts of(JsonRecord line) {
        return new LabelCounts(
                line.integer("samples"),
                line.integer("right"),
                line.integer("wrong"),
                line.integer("truncated"),
                line.integer("refusals"),
                line.integer("failures"),
                line.integer("reward_failures"));
    }
}
