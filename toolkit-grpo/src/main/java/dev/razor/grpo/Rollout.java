package dev.razor.grpo;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.random.Draws;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.reward.RewardScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Completions of some prompts under the current policy, with their rewards and advantages; those of a prompt
/// stand
/// together.
///
/// @param sequences prompt and completion tokens, the completion's marked
/// @param completions as they were sampled
/// @param rewards one a completion
/// @param advantages one a completion
record Rollout(List<TokenSequence> sequences, List<Completion> completions, double[] rewards, double[] advantages) {

    /// A prompt to roll out and the record that its reward reads.
    record Task(JsonRecord record, int[] promptIds) {}

    /// Names the draws of rollouts among all others.
    private static final long ROLLOUT = 0x524f_4c4cL;

    /// Samples `config.numGenerations` completions of each task.
    ///
    /// @param number names the rollout: the same number and seed give the same completions from the same policy
    static Rollout sample(PretrainedModel model, List<Task> tasks, RewardFunctions reward, GrpoConfig config, int number) {
        int group = config.numGenerations();
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < tasks.size() * group; i++) {
            prompts.add(new Prompt(
                    tasks.get(i / group).promptIds(),
                    Draws.mix(config.training().seed(), ROLLOUT, number, i)));
        }
        var options = new SamplingOptions(
                config.maxCompletionLength(),
                config.temperature(),
                config.topP(),
                config.topK(),
                model.tokenizer().stopTokenIds());
        List<Completion> completions =
                new Generator(model.model(), model.manager(), prompts.size()).complete(prompts, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            String text = PromptIds.text(completions.get(i).ids(), model.tokenizer());
            answers.add(new Answer(tasks.get(i / group).record(), text));
        }
        double[] rewards = reward.score(answers).stream()
                .mapToDouble(RewardScore::value)
                .toArray();
        return of(tasks, completions, rewards, config);
    }

    /// A rollout whose completions have been sampled and rewarded.
    static Rollout of(List<Task> tasks, List<Completion> completions, double[] rewards, GrpoConfig config) {
        int group = config.numGenerations();
        List<TokenSequence> sequences = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            sequences.add(TokenSequence.of(
                    tasks.get(i / group).promptIds(), completions.get(i).ids()));
        }
        return new Rollout(sequences, completions, rewards, Advantages.of(rewards, group, config.scaleRewards()));
    }

    double truncatedFraction() {
        return completions.stream().filter(completion -> !completion.stopped()).count() / (double) completions.size();
    }

    double meanCompletionLength() {
        return completions.stream()
                .mapToInt(completion -> completion.ids().length)
                .average()
                .orElseThrow();
    }

    double meanReward() {
        return Arrays.stream(rewards).average().orElseThrow();
    }
}
