package dev.razor.sft.label;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.reward.RewardArguments;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Everything that decides which labels a teacher writes. The teacher is `model` or `endpoint`.
public record LabelConfig(
        @Key("files or globs of prompt records: JSONL, JSON, Parquet")
        List<Path> data,

        @Key("the JSONL file of labelled records; must be new")
        Path output,

        @Key(value = "the teacher: a Hugging Face directory on this machine", fallback = "null") @Nullable
        Path model,

        @Key(
                value = "the teacher: base URL of an OpenAI-compatible server, such as http://localhost:8000/v1",
                fallback = "null")
        @Nullable
        String endpoint,

        @Key(value = "the teacher's name at the endpoint", fallback = "null") @Nullable
        String endpointModel,

        @Key(
                value = "environment variable that holds the endpoint's key; where it is not set, none is sent",
                fallback = "OPENAI_API_KEY")
        String endpointKeyEnv,

        @Key(value = "send a seed with each request, which some servers refuse", fallback = "true")
        boolean endpointSeed,

        @Key(value = "the request's field for max_completion_length", fallback = "max_tokens")
        LengthField endpointLengthField,

        @Key(
                value = "the verifier that a label must satisfy; null takes the first sample that ended",
                fallback = "null")
        @Nullable
        String reward,

        @Key(value = "seconds that the reward may take for one sample", fallback = "10.0")
        double rewardTimeout,

        @Key(value = "samples drawn a prompt until one satisfies the reward", fallback = "16")
        int maxSamples,

        @Key(value = "also keep one wrong sample a prompt, and write pairs of chosen and rejected", fallback = "false")
        boolean rejected,

        @Key(value = "what the teacher's logits are divided by", fallback = "1.0")
        double temperature,

        @Key(value = "sample from the most probable tokens that reach this mass; 1 keeps all", fallback = "1.0")
        double topP,

        @Key(value = "tokens a sample may have, its end token included", fallback = "1024")
        int maxCompletionLength,

        @Key(value = "samples that a local teacher draws together", fallback = "32")
        int batchSize,

        @Key(value = "prompts that are at the endpoint at the same time", fallback = "8")
        int concurrency,

        @Key(value = "seconds that one request may take", fallback = "300.0")
        double requestTimeout,

        @Key(value = "further attempts after a request that failed for the moment", fallback = "6")
        int maxRetries,

        @Key(value = "names all random numbers of the run", fallback = "42")
        long seed,

        @Key(value = "cpu | cuda | cuda:N | auto", fallback = "auto")
        String device,

        @Key(value = "float32 | bfloat16 | auto (as stored)", fallback = "auto")
        String dtype) {

    private static final int MOST_AT_ONCE = 256;

    /// What a server calls the greatest number of tokens: newer models of OpenAI's know the second only.
    public enum LengthField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS
    }

    public LabelConfig {
        Check.that(!data.isEmpty(), "data must name at least one file");
        Check.that(
                (model == null) != (endpoint == null),
                "the teacher is %s; give one of model and endpoint",
                model == null ? "neither a model nor an endpoint" : "both a model and an endpoint");
        Check.that(
                (endpoint == null) == (endpointModel == null),
                "endpoint and endpoint_model go together, got endpoint %s and endpoint_model %s",
                endpoint,
                endpointModel);
        Check.that(
                endpoint == null || isBaseUrl(endpoint),
                "endpoint must be a base URL such as https://api.openai.com/v1, without user, query or fragment");
        Check.that(!endpointKeyEnv.isBlank(), "endpoint_key_env must name an environment variable");
        Check.that(maxSamples > 0, "max_samples must be positive, got %d", maxSamples);
        Check.that(!rejected || reward != null, "rejected: true needs a reward, which tells wrong samples");
        Check.that(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be a positive number, got %s",
                temperature);
        Check.that(0 < topP && topP <= 1, "top_p must be in (0, 1], got %s", topP);
        Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        Check.that(
                0 < concurrency && concurrency <= MOST_AT_ONCE,
                "concurrency must be from 1 to %d, got %d",
                MOST_AT_ONCE,
                concurrency);
        Check.that(
                requestTimeout > 0 && requestTimeout <= 86_400,
                "request_timeout must be a positive number of seconds, a day at most, got %s",
                requestTimeout);
        Check.that(0 <= maxRetries && maxRetries <= 100, "max_retries must be from 0 to 100, got %d", maxRetries);
        Check.that(
                device.matches("cpu|auto|cuda(:\\d{1,4})?"),
                "device must be cpu, cuda, cuda:N or auto, got %s",
                device);
        Check.that(dtype.matches("float32|bfloat16|auto"), "dtype must be float32, bfloat16 or auto, got %s", dtype);
        var _ = reward == null ? null : new RewardArguments(List.of(reward), null, rewardTimeout);
        data = List.copyOf(data);
    }

    /// The reward's settings.
    RewardArguments rewardArguments() {
        return new RewardArguments(List.of(Objects.requireNonNull(reward)), null, rewardTimeout);
    }

    private static boolean isBaseUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null
                    && uri.getScheme().matches("(?i)https?")
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
