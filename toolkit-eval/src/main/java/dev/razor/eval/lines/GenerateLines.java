package dev.razor.eval.lines;

import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model writes after given prompts: lines with a prompt in, lines
/// `{"id", "token_ids", "text", "finish_reason": "stop"|"length"}` out.
///
/// The random numbers of a line are named by the seed and the record's number: equal prompts on two lines are
/// gone on with differently, and what a line gets does not depend on the lines computed beside it.
public final class GenerateLines {

    /// Prompts of like length are batched within so many batches.
    private static final int CHUNK_BATCHES = 4;

    private GenerateLines() {}

    /// Completes the prompts of `input` and publishes `output`.
    ///
    /// @param options how to sample; their stop tokens are part of the completion, but not of its text
    /// @return how many lines were written
    /// @throws dev.razor.core.base.DataException if a record cannot be used, before anything is computed
    /// @throws dev.razor.core.base.ConfigException if `output` exists or cannot be written
    public static long run(
            PretrainedModel model,
            SamplingOptions options,
            long seed,
            Path input,
            Path output,
            int batchSize,
            Progress progress) {
        var generator = new Generator(model.model(), model.manager(), batchSize);
        return new LineJob<int[]>(
                        "generate", batchSize * CHUNK_BATCHES, record -> PromptIds.of(record, model), lines -> {
                            List<Prompt> prompts = lines.stream()
                                    .map(line -> new Prompt(line.value(), Draws.mix(seed, line.number())))
                                    .toList();
                            return answers(lines, generator.complete(prompts, options), model);
                        })
                .run(input, output, progress);
    }

    private static List<ObjectNode> answers(
            List<Line<int[]>> lines, List<Completion> completions, PretrainedModel model) {
        List<ObjectNode> answers = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Completion completion = completions.get(i);
            ObjectNode answer = lines.get(i).answer();
            ArrayNode ids = answer.putArray("token_ids");
            for (int id : completion.ids()) {
                ids.add(id);
            }
            answers.add(answer.put("text", PromptIds.text(completion.ids(), model.tokenizer()))
                    .put("finish_reason", completion.stopped() ? "stop" : "length"));
        }
        return answers;
    }
}
