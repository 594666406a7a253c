package dev.razor.grpo;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.generate.Completion;
import dev.razor.core.loss.TokenLogProbs;
import dev.razor.core.reward.RewardScore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Completions of some prompts with all that the optimiser steps on them need; those of a prompt stand together.
///
/// @param tasks the prompts, one a group
/// @param completions as they were sampled
/// @param scores what each completion is worth by its rewards
/// @param penalties what each completion loses of its reward: overlength, and the KL to the base where it is
/// there
/// @param advantages one a completion; zero of those left out
/// @param live whether a completion's group takes part in the loss
/// @param old log-probabilities under the policy that sampled; null where that is the one being updated
/// @param ref log-probabilities under the base; null where the loss needs none
/// @param stats of all that was drawn for this rollout
record Rollout(
        List<Task> tasks,
        List<Completion> completions,
        List<RewardScore> scores,
        double[] penalties,
        double[] advantages,
        boolean[] live,
        @Nullable List<TokenLogProbs.Scores> old,
        @Nullable List<TokenLogProbs.Scores> ref,
        RolloutStats stats) {

    /// A prompt to roll out.
    ///
    /// @param index its place among the run's prompts
    /// @param record what the rewards read
    record Task(int index, JsonRecord record, int[] promptIds) {}

    /// The prompt of completion `i`.
    Task task(int i) {
        return tasks.get(i / (completions.size() / tasks.size()));
    }

    /// Prompt and completion `i`, the completion's tokens marked.
    TokenSequence sequence(int i) {
        return TokenSequence.of(task(i).promptIds(), completions.get(i).ids());
    }

    /// The sequences of completions `indices`.
    List<TokenSequence> sequences(List<Integer> indices) {
        return indices.stream().map(this::sequence).toList();
    }

    /// All sequences.
    List<TokenSequence> sequences() {
        List<TokenSequence> all = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            all.add(sequence(i));
        }
        return all;
    }

    /// Of the completions from `first` on, `count` in all, those that take part in the loss.
    List<Integer> live(int first, int count) {
        List<Integer> indices = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            if (live[i]) {
                indices.add(i);
            }
        }
        return indices;
    }

    /// The rollout with the base's log-probabilities.
    Rollout withReference(List<TokenLogProbs.Scores> reference) {
        return new Rollout(tasks, completions, scores, penalties, advantages, live, old, reference, stats);
    }
}
