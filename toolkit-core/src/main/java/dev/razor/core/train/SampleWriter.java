package dev.razor.core.train;

import dev.razor.core.data.DataFiles;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.run.MetricsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Writes what a model in training answers to given prompts, greedily, into `samples.jsonl`: a line a prompt
/// every some steps, with `step`, `prompt_index`, `prompt`, `completion`, `tokens` and `finish_reason`.
public final class SampleWriter implements AutoCloseable {

    private static final String FILE = "samples.jsonl";

    private final List<Prompt> prompts;
    private final int everySteps;
    private final int maxNewTokens;
    private final int batchSize;
    private @Nullable MetricsWriter out;

    private SampleWriter(List<Prompt> prompts, int everySteps, int maxNewTokens, int batchSize) {
        this.prompts = prompts;
        this.everySteps = everySteps;
        this.maxNewTokens = maxNewTokens;
        this.batchSize = batchSize;
    }

    /// Reads the prompts that `keys` names; null where it names none.
    ///
    /// @param model whose tokenizer reads them
    /// @param batchSize prompts answered together
    /// @throws dev.razor.core.base.DataException naming file, line and field of a prompt that cannot be used
    public static @Nullable SampleWriter of(SampleTable keys, PretrainedModel model, int batchSize) {
        Path file = keys.samplePrompts();
        if (file == null) {
            return null;
        }
        List<Prompt> prompts = DataFiles.map(file, record -> new Prompt(PromptIds.of(record, model), 0));
        return new SampleWriter(prompts, keys.sampleSteps(), keys.sampleMaxNewTokens(), batchSize);
    }

    /// Opens the file; of a resumed run it keeps the lines up to `step`.
    void open(TrainingOutput output, int step) {
        out = output.continued(FILE, step);
    }

    /// Writes the answers after step `step`, if it is time to.
    void write(int step, boolean last, PretrainedModel model) {
        if (out == null || (!last && step % everySteps != 0)) {
            return;
        }
        var options =
                new SamplingOptions(maxNewTokens, 0, 1, 0, model.tokenizer().stopTokenIds());
        List<Completion> completions =
                new Generator(model.model(), model.manager(), batchSize).complete(prompts, options);
        for (int i = 0; i < completions.size(); i++) {
            Completion completion = completions.get(i);
            SequencedMap<String, Object> line = new LinkedHashMap<>();
            line.put("step", step);
            line.put("prompt_index", i);
            line.put("prompt", model.tokenizer().decode(prompts.get(i).ids()));
            line.put("completion", PromptIds.text(completion.ids(), model.tokenizer()));
            line.put("tokens", completion.ids().length);
            line.put("finish_reason", completion.stopped() ? "stop" : "length");
            out.write(line);
        }
    }

    @Override
    public void close() {
        if (out != null) {
            out.close();
        }
    }
}
