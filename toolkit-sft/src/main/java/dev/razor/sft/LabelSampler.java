package dev.razor.sft;

import dev.razor.core.base.Check;
import dev.razor.core.generate.Completion;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.Answer;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.Progress;
import dev.razor.sft.label.TeacherSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has a teacher write labels: of each prompt the first sample that ended by itself and that the reward finds
/// right, among at most `max_samples`.
///
/// With `S` the right answers and `p` the teacher's distribution, the first accepted sample is a draw from
///
/// ```
/// q*(y | x) = p(y | x) 1[y in S] / p(S | x)
/// ```
///
/// because every sample is drawn from `p` alike and only those outside `S` are passed over. Of all distributions
/// that are always right, `q*` is the one with the smallest KL(q || p) (RL's Razor, Lemma 5.1, the projection of
/// the base onto right answers), so training on the base's accepted samples is the paper's oracle SFT. That
/// holds at temperature 1, for answers that fit into `max_completion_length`.
///
/// A sample that was cut off has no end token and is never accepted: it would teach not to stop.
///
/// Every sample is named by run seed, epoch, prompt and its number, so what is accepted depends neither on the
/// batch size nor on other prompts.
///
/// @param teacher the model that writes; the one being trained for `teacher: self`
/// @param reward what is right; null accepts the first sample that ended by itself
/// @param vocabularySize ids that the student has; a larger teacher's padding ids are none of its tokens, and a
///     sample with one is not accepted
/// @param maxLength tokens that prompt and label may have together
/// @param batchSize samples drawn together
/// @see <a href="https://arxiv.org/abs/2509.04259">RL's Razor, section 5</a>
record LabelSampler(
        PretrainedModel teacher,
        @Nullable RewardFunctions reward,
        Labels keys,
        int vocabularySize,
        int maxLength,
        long seed,
        int batchSize) {

    /// What an epoch's drawing came to.
    ///
    /// @param labels in the order of the prompts, those without one left out
    /// @param samples how many were needed: those up to each label, and all of a prompt without one
    /// @param truncated how many of them did not end in time, or are too long with their prompt
    record Drawn(List<Label> labels, long samples, long truncated) {}

    LabelSampler {
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
    }

    /// Draws the labels of an epoch.
    ///
    /// @param epoch names the draws, from 0
    Drawn draw(List<LabelPrompt> prompts, int epoch, Progress progress) {
        @Nullable Label[] labels = new Label[prompts.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            open.add(i);
        }
        long samples = 0;
        long truncated = 0;
        int drawn = 0;
        while (!open.isEmpty() && drawn < keys.maxSamples()) {
            // Where few prompts are left, several samples of each fill the batch; the first right one still counts.
            int more = Math.clamp(batchSize / open.size(), 1, keys.maxSamples() - drawn);
            List<Completion> completions = complete(prompts, open, epoch, drawn, more);
            List<Integer> left = new ArrayList<>();
            for (int i = 0; i < open.size(); i++) {
                int prompt = open.get(i);
                for (int j = 0; j < more && labels[prompt] == null; j++) {
                    Completion completion = completions.get(i * more + j);
                    samples++;
                    if (completion.stopped()
                            && prompts.get(prompt).ids().length + completion.ids().length <= maxLength) {
                        labels[prompt] = accepted(prompts.get(prompt), prompt, completion, drawn + j + 1);
                    } else {
                        truncated++;
                    }
                }
                if (labels[prompt] == null) {
                    left.add(prompt);
                }
            }
            open = left;
            drawn += more;
            progress.update("labels", prompts.size() - open.size(), prompts.size(), "");
        }
        List<Label> found = new ArrayList<>();
        for (Label label : labels) {
            if (label != null) {
                found.add(label);
            }
        }
        return new Drawn(List.copyOf(found), samples, truncated);
    }

    /// Samples number `drawn` to `drawn + more - 1` of each open prompt, those of a prompt together.
    private List<Completion> complete(List<LabelPrompt> prompts, List<Integer> open, int epoch, int drawn, int more) {
        List<TeacherSamples.Wanted> wanted = new ArrayList<>();
        for (int prompt : open) {
            for (int sample = drawn; sample < drawn + more; sample++) {
                wanted.add(new TeacherSamples.Wanted(prompts.get(prompt).ids(), epoch, prompt, sample));
            }
        }
        return new TeacherSamples(teacher, keys.maxCompletionLength(), keys.temperature(), 1, seed, batchSize)
                .draw(wanted);
    }

    /// The completion as a label, or null where it is not to be trained on.
    private @Nullable Label accepted(LabelPrompt prompt, int index, Completion completion, int samples) {
        if (Arrays.stream(completion.ids()).anyMatch(id -> id >= vocabularySize)) {
            return null;
        }
        String text = PromptIds.text(completion.ids(), teacher.tokenizer());
        if (reward != null
                && !reward.score(List.of(new Answer(prompt.record(), text)))
                        .getFirst()
                        .right()) {
            return null;
        }
        return new Label(index, prompt.ids(), completion.ids(), text, samples);
    }
}
