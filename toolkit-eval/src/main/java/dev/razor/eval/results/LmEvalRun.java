package dev.razor.eval.results;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was evaluated and how, as the harness tells it.
///
/// @param model names the model, and with it the folder of the files
/// @param settings the harness's `config`
/// @param multiturn whether examples were turns of a conversation
/// @param gitCommit of the checkout that Razor runs in
/// @param start when the evaluation began
/// @param end when it ended, which names the files
public record LmEvalRun(
        String model,
        ObjectNode settings,
        boolean multiturn,
        @Nullable String gitCommit,
        Instant start,
        Instant end) {

    private static final int FEWSHOT_SEED = 1234;

    /// The run of a model.
    public static LmEvalRun of(EvaluationConfig config, @Nullable String gitCommit, Instant start, Instant end) {
        return new LmEvalRun(config.model(), settings(config), config.chatTemplate(), gitCommit, start, end);
    }

    /// The run of completions from a file, which stands for the model.
    public static LmEvalRun of(CodeResultsJson.Config config, @Nullable String gitCommit, Instant start, Instant end) {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.put("model", "razor")
                .put("model_args", "completions=" + config.completions())
                .put("model_sha", config.hash())
                .putNull("limit");
        return new LmEvalRun(config.completions(), settings, false, gitCommit, start, end);
    }

    private static ObjectNode settings(EvaluationConfig config) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("model", "razor")
                .put("model_args", "pretrained=%s,dtype=%s".formatted(config.model(), config.dtype()))
                .put("model_dtype", config.dtype())
                .put("model_sha", config.modelHash())
                .put("batch_size", Integer.toString(config.batchSize()));
        node.putArray("batch_sizes");
        node.put("device", config.device()).putNull("use_cache");
        if (config.limit().isPresent()) {
            node.put("limit", (double) config.limit().getAsInt());
        } else {
            node.putNull("limit");
        }
        return node.putNull("gen_kwargs").put("random_seed", config.seed()).put("fewshot_seed", FEWSHOT_SEED);
    }
}
