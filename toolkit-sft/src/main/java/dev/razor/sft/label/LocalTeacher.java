package dev.razor.sft.label;

import dev.razor.core.data.JsonRecord;
import dev.razor.core.generate.Completion;
import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardFunctions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A model of this machine as teacher. A batch holds samples of as many prompts as there are; where few are
/// left, several of each fill it.
final class LocalTeacher implements LabelTeacher {

    private final PretrainedModel model;
    private final TeacherSamples samples;
    private final LabelConfig config;
    private final @Nullable RewardFunctions reward;

    private LocalTeacher(PretrainedModel model, LabelConfig config, @Nullable RewardFunctions reward) {
        this.model = model;
        this.config = config;
        this.reward = reward;
        this.samples = new TeacherSamples(
                model,
                config.maxCompletionLength(),
                config.temperature(),
                config.topP(),
                config.seed(),
                config.batchSize());
    }

    /// Loads the model.
    ///
    /// @throws dev.razor.core.base.CheckpointException if it cannot be read
    static LocalTeacher load(Path directory, LabelConfig config, @Nullable RewardFunctions reward) {
        PretrainedModel model = PretrainedModel.load(directory, LoadOptions.frozen(config.device(), config.dtype()));
        return new LocalTeacher(model, config, reward);
    }

    @Override
    public void require(JsonRecord record) {
        PromptIds.of(record, model);
    }

    /// A search and its prompt's tokens.
    private record Search(LabelSearch search, int[] promptIds) {}

    @Override
    public void label(List<LabelTask> tasks, Consumer<PromptLabel> done) {
        Deque<LabelTask> waiting = new ArrayDeque<>(tasks);
        List<Search> open = new ArrayList<>();
        while (!waiting.isEmpty() || !open.isEmpty()) {
            while (open.size() < config.batchSize() && !waiting.isEmpty()) {
                LabelTask task = waiting.remove();
                open.add(new Search(new LabelSearch(task, config, reward), PromptIds.of(task.record(), model)));
            }
            drawFor(open);
            for (Search one : open) {
                if (!one.search().open()) {
                    done.accept(one.search().result());
                }
            }
            open.removeIf(one -> !one.search().open());
        }
    }

    private void drawFor(List<Search> open) {
        int each = Math.max(1, config.batchSize() / open.size());
        List<TeacherSamples.Wanted> wanted = new ArrayList<>();
        List<LabelSearch> of = new ArrayList<>();
        for (Search one : open) {
            int first = one.search().next();
            for (int i = 0; i < Math.min(each, one.search().left()); i++) {
                wanted.add(new TeacherSamples.Wanted(
                        one.promptIds(), 0, one.search().task().prompt(), first + i));
                of.add(one.search());
            }
        }
        List<Completion> completions = samples.draw(wanted);
        for (int i = 0; i < completions.size(); i++) {
            of.get(i).offer(sample(completions.get(i)));
        }
    }

    private Sample sample(Completion completion) {
        return new Sample(
                completion.stopped() ? Sample.Ending.STOPPED : Sample.Ending.TRUNCATED,
                PromptIds.text(completion.ids(), model.tokenizer()));
    }

    @Override
    public void close() {
        model.close();
    }
}
