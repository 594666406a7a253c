package dev.razor.sft.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Labels from servers that do not do what they should.
final class EndpointTroubleTest {

    private static final String YES =
            "{\"choices\": [{\"message\": {\"content\": \"yes\"}, \"finish_reason\": \"stop\"}]}";

    @TempDir
    private Path folder;

    private Path output() {
        return folder.resolve("labels.jsonl");
    }

    private Path prompts(int count) {
        return LabelTesting.prompts(folder, count);
    }

    private LabelConfig config(FakeServer server, Path data, String... settings) {
        return LabelTesting.endpoint(server, data, output(), settings);
    }

    @ParameterizedTest
    @CsvSource({"429", "500", "503", "408", "cut", "stall", "stall in the body"})
    void label_triesAgainWhatMayPass(String trouble) throws IOException {
        Path data = prompts(1);
        try (FakeServer server = new FakeServer((number, _, exchange) -> {
            if (number == 2) {
                FakeServer.says(exchange, "yes");
            } else if (trouble.matches("\\d+")) {
                FakeServer.sends(exchange, Integer.parseInt(trouble), "{\"error\": {\"message\": \"busy\"}}");
            } else if (trouble.equals("stall")) {
                Thread.sleep(2_000);
            } else if (trouble.equals("stall in the body")) {
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                Thread.sleep(2_000);
            } // else the connection is closed without an answer
        })) {
            String timeout = trouble.startsWith("stall") ? "0.3" : "20";
            LabelTesting.run(config(server, data, "request_timeout: " + timeout), false);
            assertThat(server.requests()).hasSize(3);
        }
        assertThat(LabelTesting.lines(output())).hasSize(1);
    }

    @Test
    void label_waitsAsLongAsTheServerAsks() throws IOException {
        Path data = prompts(1);
        long[] times = new long[2];
        try (FakeServer server = new FakeServer((number, _, exchange) -> {
            times[number] = System.nanoTime();
            exchange.getResponseHeaders().set("Retry-After", "1");
            FakeServer.sends(exchange, number == 0 ? 429 : 200, number == 0 ? "" : """
                    {"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]}""");
        })) {
            LabelTesting.run(config(server, data), false);
        }
        // the test's delays are bounded by 300 ms; without the header they would be 5
        assertThat(times[1] - times[0]).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            401 | {"error": {"message": "Bad key sk-secret,\\n\\u001b[31mred"}} | answered 401: Bad key ***, [31mred; correct the key in OPENAI_API_KEY
            404 | {"error": "no such model"}                             | answered 404: no such model; correct endpoint and endpoint_model
            400 | {"message": "too long"}                                | answered 400: too long; correct what it names
            422 | <html>odd</html>                                       | answered 422: <html>odd</html>; correct what it names
            403 | ``                                                     | answered 403: without a word; correct the key in OPENAI_API_KEY
            429 | {"error": {"message": "Pay.", "code": "insufficient_quota"}} | answered 429: Pay.; see to the account, then go on with --resume
            302 | ``                                                     | answered 302, a redirect to http://elsewhere.invalid/***; give that address if you trust it
            """)
    void label_endsAtWhatWillNotPass_inOneLine(int status, String body, String problem) throws IOException {
        Path data = prompts(1);
        try (FakeServer server = new FakeServer((_, _, exchange) -> {
            exchange.getResponseHeaders().set("Location", "http://elsewhere.invalid/sk-secret");
            FakeServer.sends(exchange, status, body == null ? "" : body);
        })) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data), false, LabelTesting.KEY, Progress.silent()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("endpoint: %s/chat/completions %s".formatted(server.url(), problem));
            assertThat(server.requests()).hasSize(1);
        }
        assertThat(output()).doesNotExist();
        assertThat(Files.readString(LabelJournal.file(output()))).doesNotContain("sk-secret");
    }

    @Test
    void label_followsNoRedirect_soThatTheKeyStays() throws IOException {
        Path data = prompts(1);
        try (FakeServer other = new FakeServer((_, _, exchange) -> FakeServer.says(exchange, "yes"));
                FakeServer server = new FakeServer((_, _, exchange) -> {
                    exchange.getResponseHeaders().set("Location", other.url() + "/chat/completions");
                    FakeServer.sends(exchange, 307, "");
                })) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data), false, LabelTesting.KEY, Progress.silent()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("answered 307, a redirect to " + other.url());
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void label_withoutAKey_sendsNone_andSaysSo() throws IOException {
        Path data = prompts(1);
        try (FakeServer server = new FakeServer((_, _, exchange) -> FakeServer.sends(exchange, 401, "who?"))) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data, "endpoint_key_env: MY_KEY"), false))
                    .hasMessageEndingWith(" answered 401: who?; set MY_KEY, no key was sent");
            assertThat(server.requests().getFirst().authorization()).isNull();
            assertThatThrownBy(() -> LabelTesting.run(
                            config(server, data), true, Map.of("OPENAI_API_KEY", "sk-\u0001x"), Progress.silent()))
                    .hasMessage(
                            "endpoint_key_env: the key in OPENAI_API_KEY has characters that no key has; set it again");
        }
    }

    @Test
    void label_ofAnswersThatAreNone_givesThePromptUp() throws IOException {
        Path data = prompts(2);
        String huge = "x".repeat(9 << 20);
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            int nth = request.nth();
            if (request.question().equals("q1")) {
                FakeServer.says(exchange, "yes");
            } else if (nth == 0) {
                FakeServer.sends(exchange, 200, "<html>");
            } else if (nth == 1) {
                FakeServer.sends(exchange, 200, "{\"choices\": [{\"message\": [], \"finish_reason\": 7}]}");
            } else {
                FakeServer.says(exchange, huge);
            }
        })) {
            LabelReport report = Objects.requireNonNull(
                    LabelTesting.run(config(server, data, "max_retries: 0", "concurrency: 1"), false));
            assertThat(report.labelled()).isEqualTo(1);
            assertThat(report.counts().failures()).isEqualTo(3);
            assertThat(report.givenUp()).isEqualTo(1);
            assertThat(server.requests()).hasSize(4);
        }
    }

    /// q0 fails until the server is well again, q1 gets answers of which none is right, q2 a label.
    @Test
    void resume_asksAgainForWhatWasGivenUp_andForNothingElse() throws IOException {
        Path data = prompts(3);
        boolean[] well = {false};
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            switch (request.question()) {
                case "q0" -> FakeServer.sends(exchange, 200, well[0] ? YES : "<html>");
                case "q1" -> FakeServer.says(exchange, "no");
                default -> FakeServer.says(exchange, "yes");
            }
        })) {
            LabelConfig config =
                    config(server, data, "reward: one_of", "max_samples: 4", "max_retries: 0", "concurrency: 1");
            LabelReport first = Objects.requireNonNull(LabelTesting.run(config, false));
            assertThat(first.labelled()).isEqualTo(1);
            assertThat(first.givenUp()).isEqualTo(1);
            assertThat(LabelTesting.lines(output())).hasSize(1);
            int before = server.requests().size();
            LabelReport failing = Objects.requireNonNull(LabelTesting.run(config, true));
            assertThat(failing).as("still down").isEqualTo(first);
            well[0] = true;
            LabelReport second = Objects.requireNonNull(LabelTesting.run(config, true));
            assertThat(second.labelled()).isEqualTo(2);
            assertThat(second.givenUp()).isZero();
            assertThat(server.requests().subList(before, server.requests().size()).stream()
                            .map(FakeServer.Request::question))
                    .hasSize(4)
                    .containsOnly("q0");
            assertThat(LabelTesting.lines(output()).stream()
                            .map(line -> line.path("id").asInt()))
                    .containsExactly(0, 2);
            assertThat(LabelTesting.report(output()).path("given_up").asInt(-1)).isZero();
            assertThat(LabelJournal.file(output())).doesNotExist();
            assertThat(LabelTesting.run(config, true))
                    .as("nothing is left to do")
                    .isNull();
        }
    }

    @Test
    void label_endsWhenManyRequestsInARowFail() throws IOException {
        Path data = prompts(50);
        try (FakeServer server = new FakeServer((_, _, exchange) -> FakeServer.sends(exchange, 500, "down"))) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data, "max_retries: 1", "concurrency: 2"), false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "endpoint: %s/chat/completions 10 requests in a row failed, the last because it answered 500: down; see to the server"
                                    .formatted(server.url()));
            assertThat(server.requests().size()).isBetween(20, 24);
        }
    }

    @Test
    void label_ofAServerThatIsNotThere_endsAtOnce() throws IOException {
        Path data = prompts(1);
        FakeServer server = new FakeServer((_, _, _) -> {});
        LabelConfig config = config(server, data, "max_retries: 100");
        server.close();
        assertThatThrownBy(() -> LabelTesting.run(config, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching(
                        "endpoint: http://localhost:\\d+/v1/chat/completions cannot be reached: .+; start the server, or correct the address");
    }
}
