package dev.razor.eval.generative;

import dev.razor.core.base.Check;
import dev.razor.core.base.ConfigException;
import dev.razor.core.generate.Completion;
import dev.razor.core.generate.Generator;
import dev.razor.core.generate.Prompt;
import dev.razor.core.generate.SamplingOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A loaded model that answers as lm-evaluation-harness's Hugging Face backend does with one sequence
/// at a time: a prompt keeps its last `context - max_gen_toks` tokens, an answer ends at an end token, at a stop
/// string or at `max_gen_toks` tokens, and its text is cut at the stop strings.
///
/// The harness goes on with a sequence until all of its batch have ended, which shows where a stop string is a
/// special token: special tokens vanish from the text before it is cut, so there an answer may depend on its
/// batch. Here it never does.
public final class ModelAnswers implements Answers {

    private final PretrainedModel model;
    private final Generator generator;

    /// @param batchSize answers written together
    public ModelAnswers(PretrainedModel model, int batchSize) {
        this.model = model;
        this.generator = new Generator(model.model(), model.manager(), batchSize);
    }

    @Override
    public void require(String task, GenerationLimits limits) {
        if (room(limits) <= 0) {
            throw new ConfigException(
                    ("%s: its answers may have %d tokens (max_gen_toks), which leaves no room for a prompt in the"
                                    + " context of %s, %d tokens; take a model with a longer context, or leave the task out")
                            .formatted(
                                    task,
                                    limits.maxNewTokens(),
                                    model.directory(),
                                    model.model().contextLength()));
        }
    }

    /// Tokens that a prompt may have.
    private int room(GenerationLimits limits) {
        return model.model().contextLength() - limits.maxNewTokens();
    }

    @Override
    public List<Answer> complete(List<Request> requests, GenerationLimits limits, Decoding decoding) {
        int room = room(limits);
        Check.that(room > 0, "no room for a prompt before %d tokens", limits.maxNewTokens());
        Tokenizer tokenizer = model.tokenizer();
        List<Prompt> encoded = new ArrayList<>();
        int[] dropped = new int[requests.size()];
        for (int i = 0; i < dropped.length; i++) {
            int[] ids = PromptIds.ofText(requests.get(i).prompt(), tokenizer);
            dropped[i] = Math.max(0, ids.length - room);
            encoded.add(new Prompt(
                    Arrays.copyOfRange(ids, dropped[i], ids.length),
                    requests.get(i).seed()));
        }
        SamplingOptions options = new SamplingOptions(
                        limits.maxNewTokens(), decoding.temperature(), decoding.topP(), 0, tokenizer.stopTokenIds())
                .withStopCheck(() -> new StopStrings(tokenizer::decode, limits.until()));
        List<Completion> completions = generator.complete(encoded, options);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < dropped.length; i++) {
            Completion completion = completions.get(i);
            String text = limits.cut(PromptIds.text(completion.ids(), tokenizer));
            answers.add(new Answer(text, completion.ids().length, completion.stopped(), dropped[i]));
        }
        return answers;
    }
}
