package dev.razor.sft.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LabelConfigTest {

    private static LabelConfig config(String... settings) {
        return LabelTesting.config(Path.of("p.jsonl"), Path.of("out.jsonl"), settings);
    }

    @Test
    void defaults_areThoseOfTheStudy() {
        LabelConfig config = config("model: teacher");
        assertThat(config.maxSamples()).isEqualTo(16);
        assertThat(config.temperature()).isEqualTo(1);
        assertThat(config.topP()).isEqualTo(1);
        assertThat(config.reward()).isNull();
        assertThat(config.endpointKeyEnv()).isEqualTo("OPENAI_API_KEY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            seed: 1                                   | the teacher is neither a model nor an endpoint; give one of model and endpoint
            {model: m, endpoint: "http://a", endpoint_model: b} | the teacher is both a model and an endpoint; give one of model and endpoint
            endpoint: "http://a"                      | endpoint and endpoint_model go together, got endpoint http://a and endpoint_model null
            {model: m, reward: none_such}             | reward must be one of
            {model: m, rejected: true}                | rejected: true needs a reward, which tells wrong samples
            {model: m, max_samples: 0}                | max_samples must be positive, got 0
            {model: m, temperature: 0}                | temperature must be a positive number, got 0.0
            {model: m, top_p: 0}                      | top_p must be in (0, 1], got 0.0
            {model: m, concurrency: 300}              | concurrency must be from 1 to 256, got 300
            {model: m, request_timeout: 0}            | request_timeout must be a positive number of seconds, a day at most, got 0.0
            {model: m, max_retries: -1}               | max_retries must be from 0 to 100, got -1
            """)
    void whatCannotBe_isRefused(String settings, String problem) {
        String lines = settings.startsWith("{")
                ? settings.substring(1, settings.length() - 1).replace(", ", "\n")
                : settings;
        assertThatThrownBy(() -> config(lines))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:8000", "ftp://a/v1", "http://user:pass@a/v1", "http://a/v1?x=1", "http:///v1", "a b"})
    void endpoint_mustBeABaseUrl(String url) {
        assertThatThrownBy(() -> config("endpoint: \"%s\"".formatted(url), "endpoint_model: m"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("endpoint must be a base URL such as https://api.openai.com/v1")
                .hasMessageNotContaining("pass@");
    }
}
