package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.reward.RewardScore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The search for one prompt's label: samples are offered in the order of their numbers until one is right and,
/// where wanted, one is wrong, or until there were enough. So the outcome depends on the samples alone, however
/// many were drawn together.
final class LabelSearch {

    private final LabelTask task;
    private final int maxSamples;
    private final boolean wantsRejected;
    private final @Nullable RewardFunctions reward;

    private @Nullable String chosen;
    private @Nullable String rejected;
    private LabelCounts counts = LabelCounts.NONE;

    /// @param reward what is right; null takes every sample that ended by itself
    LabelSearch(LabelTask task, LabelConfig config, @Nullable RewardFunctions reward) {
        this.task = task;
        this.maxSamples = config.maxSamples();
        this.wantsRejected = config.rejected();
        this.reward = reward;
    }

    LabelTask task() {
        return task;
    }

    /// Whether another sample is needed.
    boolean open() {
        boolean found = chosen != null && (!wantsRejected || rejected != null);
        return !found && counts.samples() < maxSamples && !counts.givenUp();
    }

    /// The number of the next sample, from 0.
    int next() {
        return counts.samples();
    }

    /// How many samples may still be drawn.
    int left() {
        return maxSamples - counts.samples();
    }

    /// Judges the next sample; one that is no longer needed is passed over.
    void offer(Sample sample) {
        if (!open()) {
            return;
        }
        counts = counts.plus(
                switch (sample.ending()) {
                    case STOPPED -> judge(sample.text());
                    case TRUNCATED -> new LabelCounts(1, 0, 0, 1, 0, 0, 0);
                    case REFUSED -> new LabelCounts(1, 0, 0, 0, 1, 0, 0);
                    case FAILED -> new LabelCounts(1, 0, 0, 0, 0, 1, 0);
                });
    }

    private LabelCounts judge(String text) {
        if (text.isEmpty()) {
            return new LabelCounts(1, 0, 1, 0, 0, 0, 0); // nothing to train on, whatever the reward makes of it
        }
        RewardScore score = reward == null ? null : score(reward, task.record(), text);
        if (score != null && score.failure() != null) {
            return new LabelCounts(1, 0, 0, 0, 0, 0, 1);
        }
        if (score == null || score.right()) {
            chosen = chosen == null ? text : chosen;
            return new LabelCounts(1, 1, 0, 0, 0, 0, 0);
        }
        rejected = rejected == null && wantsRejected ? text : rejected;
        return new LabelCounts(1, 0, 1, 0, 0, 0, 0);
    }

    /// One sample at a time: rewards are not asked to judge for several threads at once.
    private static RewardScore score(RewardFunctions reward, JsonRecord record, String text) {
        synchronized (reward) {
            return reward.score(List.of(new Answer(record, text))).getFirst();
        }
    }

    /// What came of it.
    PromptLabel result() {
        return new PromptLabel(task.prompt(), chosen, rejected, counts);
    }
}
