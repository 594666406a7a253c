package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

final class JsonReasonTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{           | Unexpected end-of-input: expected close marker for Object",
                "{\"a\": [1, | Unexpected end-of-input within/between Array entries",
                "[1}         | Unexpected close marker '}': expected ']'",
                "{\"a\": NaN | Non-standard token 'NaN'",
                "[1, x       | Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token "
                        + "'null', 'true' or 'false')"
            })
    void of_isTheMessageWithoutThePlaceInItsSource(String json, String reason, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), json);
        JsonMapper mapper = JsonMapper.shared();
        for (JacksonException e : new JacksonException[] {
            catchThrowableOfType(JacksonException.class, () -> mapper.readTree(file.toFile())),
            catchThrowableOfType(JacksonException.class, () -> mapper.readTree(json))
        }) {
            assertThat(JsonReason.of(e)).isEqualTo(reason);
        }
    }
}
