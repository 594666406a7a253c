package dev.razor.sft.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.razor.core.base.DataException;
import dev.razor.core.base.UserException;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class EndpointTest {

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

    @Test
    void label_sendsMessagesAsTheyAre_andTextAsTheUsers() throws IOException {
        Path data = Files.writeString(folder.resolve("p.jsonl"), """
                {"prompt": "Text?", "kept": 1}
                {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "M?"}], "tools": [{"type": "function"}]}
                """);
        try (FakeServer server =
                new FakeServer((_, request, exchange) -> FakeServer.says(exchange, "A: " + request.question()))) {
            LabelConfig config = config(
                    server,
                    data,
                    "temperature: 0.5",
                    "top_p: 0.9",
                    "max_completion_length: 77",
                    "concurrency: 1",
                    "endpoint_length_field: max_completion_tokens");
            LabelTesting.run(config, false, LabelTesting.KEY, Progress.silent());
            assertThat(server.requests()).hasSize(2);
            FakeServer.Request first = server.requests().getFirst();
            assertThat(first.path()).isEqualTo("/v1/chat/completions");
            assertThat(first.authorization()).isEqualTo("Bearer sk-secret");
            assertThat(first.body().toString())
                    .startsWith(
                            "{\"model\":\"teacher\",\"messages\":[{\"role\":\"user\",\"content\":\"Text?\"}],\"temperature\":0.5,\"top_p\":0.9,\"max_completion_tokens\":77,\"seed\":");
            assertThat(first.body().path("seed").asLong()).isBetween(0L, 0x7fff_ffffL);
            JsonNode second = server.requests().getLast().body();
            assertThat(second.path("messages").toString())
                    .isEqualTo("[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"M?\"}]");
            assertThat(second.path("tools").toString()).isEqualTo("[{\"type\":\"function\"}]");
            assertThat(second.path("seed")).isNotEqualTo(first.body().path("seed"));
        }
        assertThat(Files.readAllLines(output()))
                .containsExactly(
                        "{\"prompt\":\"Text?\",\"completion\":\"A: Text?\",\"samples\":1,\"kept\":1}",
                        "{\"prompt\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"M?\"}],\"completion\":[{\"role\":\"assistant\",\"content\":\"A: M?\"}],\"samples\":1,\"tools\":[{\"type\":\"function\"}]}");
        assertThat(LabelJournal.file(output())).doesNotExist();
    }

    @Test
    void label_keepsTheFirstRightSample_andCountsTheOthers() throws IOException {
        Path data = prompts(3);
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            int nth = request.nth();
            switch (request.question() + nth) {
                case "q00" -> FakeServer.says(exchange, "no");
                case "q01" -> FakeServer.says(exchange, "yes", "length");
                case "q10" -> FakeServer.says(exchange, null, "content_filter");
                case "q11" ->
                    FakeServer.sends(
                            exchange,
                            200,
                            "{\"choices\": [{\"message\": {\"content\": null, \"refusal\": \"I will not.\"}, \"finish_reason\": \"stop\"}]}");
                case "q12" -> FakeServer.says(exchange, "", "stop");
                case "q20", "q21", "q22", "q23" -> FakeServer.says(exchange, "wrong");
                default -> FakeServer.says(exchange, " yes ");
            }
        })) {
            LabelReport report = Objects.requireNonNull(
                    LabelTesting.run(config(server, data, "reward: one_of", "max_samples: 4"), false));
            assertThat(report).isEqualTo(new LabelReport(3, 2, 0, new LabelCounts(11, 2, 5, 1, 2, 1, 0)));
        }
        assertThat(LabelTesting.lines(output()).stream()
                        .map(line -> line.path("id") + " " + line.path("samples")
                                + line.path("completion").path(0).path("content")))
                .containsExactly("0 3\" yes \"", "1 4\" yes \"");
        JsonNode report = LabelTesting.report(output());
        assertThat(report.path("accepted_share").asDouble()).isEqualTo(2.0 / 11);
        assertThat(report.path("unlabelled").size()).isEqualTo(1);
        assertThat(report.path("unlabelled").path(0).path("id").asInt()).isEqualTo(2);
        assertThat(report.path("run").path("temperature").asDouble()).isEqualTo(1);
    }

    @Test
    void label_withRejected_writesPairs() throws IOException {
        Path data = prompts(3);
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            int nth = request.nth();
            boolean right = request.question().equals("q0")
                    ? nth != 1
                    : request.question().equals("q1") && nth == 2;
            FakeServer.says(exchange, right ? "yes" : "no " + nth);
        })) {
            LabelTesting.run(config(server, data, "reward: one_of", "max_samples: 4", "rejected: true"), false);
        }
        assertThat(Files.readAllLines(output()))
                .containsExactly(
                        "{\"id\":0,\"prompt\":[{\"role\":\"user\",\"content\":\"q0\"}],\"chosen\":[{\"role\":\"assistant\",\"content\":\"yes\"}],\"rejected\":[{\"role\":\"assistant\",\"content\":\"no 1\"}],\"samples\":2,\"answers\":[\"yes\"]}",
                        "{\"id\":1,\"prompt\":[{\"role\":\"user\",\"content\":\"q1\"}],\"chosen\":[{\"role\":\"assistant\",\"content\":\"yes\"}],\"rejected\":[{\"role\":\"assistant\",\"content\":\"no 0\"}],\"samples\":3,\"answers\":[\"yes\"]}");
    }

    @Test
    void label_asksSeveralAtOnce_andWritesInTheOrderOfTheData() throws IOException {
        Path data = prompts(8);
        CountDownLatch last = new CountDownLatch(7);
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            if (request.question().equals("q0")) {
                assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
            } else {
                last.countDown();
            }
            FakeServer.says(exchange, request.question());
        })) {
            LabelTesting.run(config(server, data, "concurrency: 4"), false);
        }
        assertThat(LabelTesting.lines(output()).stream()
                        .map(line -> line.path("id").asInt()))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void resume_asksOnlyForWhatIsMissing() throws IOException {
        Path data = prompts(4);
        boolean[] broken = {true};
        try (FakeServer server = new FakeServer((_, request, exchange) -> {
            if (broken[0] && request.question().equals("q2")) {
                FakeServer.sends(exchange, 400, "bad");
            } else {
                FakeServer.says(exchange, request.question());
            }
        })) {
            LabelConfig config = config(server, data, "concurrency: 1");
            assertThatThrownBy(() -> LabelTesting.run(config, false)).isInstanceOf(UserException.class);
            assertThat(server.requests()).hasSizeBetween(3, 4);
            assertThatThrownBy(() -> LabelTesting.run(config, false))
                    .hasMessage("output: %s holds labels of a run that did not end; add --resume to go on, or delete it"
                            .formatted(LabelJournal.file(output())));
            broken[0] = false;
            int before = server.requests().size();
            LabelReport report = Objects.requireNonNull(LabelTesting.run(config, true));
            assertThat(report.labelled()).isEqualTo(4);
            assertThat(server.requests().subList(before, server.requests().size()).stream()
                            .map(FakeServer.Request::question))
                    .containsExactly("q2", "q3");
            assertThat(LabelTesting.run(config, true)).as("finished before").isNull();
        }
    }

    @Test
    void label_withoutAnyLabel_isOneLine_andLeavesTheReport() throws IOException {
        Path data = prompts(2);
        try (FakeServer server = new FakeServer((_, _, exchange) -> FakeServer.says(exchange, "no"))) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data, "reward: one_of", "max_samples: 3"), false))
                    .isInstanceOf(DataException.class)
                    .hasMessage(
                            "labels: none of 2 prompts got one: of 6 samples (max_samples = 3 a prompt) 0 were right, 6 wrong, 0 cut off at max_completion_length = 1024, 0 refused, 0 failed, 0 could not be judged; raise max_samples or max_completion_length, or take a better teacher");
        }
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactlyInAnyOrder(data, folder.resolve("labels.jsonl.report.json"));
        }
    }

    @Test
    void badRecords_areToldTogether_beforeAnythingIsAsked() throws IOException {
        Path data = Files.writeString(folder.resolve("p.jsonl"), """
                {"prompt": "", "answers": ["a"]}
                {"prompt_ids": [1], "answers": ["a"]}
                {"prompt": [{"role": "user"}], "answers": ["a"]}
                {"prompt": "x"}
                {"answers": ["a"]}
                """);
        try (FakeServer server = new FakeServer((_, _, exchange) -> FakeServer.says(exchange, "no"))) {
            assertThatThrownBy(() -> LabelTesting.run(config(server, data, "reward: one_of"), false))
                    .isInstanceOfSatisfying(
                            DataException.class,
                            e -> assertThat(e.problems())
                                    .isEqualTo(
                                            List.of(
                                                    data + ":1: prompt: is empty; there is nothing to ask",
                                                    data + ":2: prompt_ids: labels are texts; give prompt or messages",
                                                    data + ":3: prompt[0].content: missing; the fields are role",
                                                    data + ":4: answers: missing; the fields are prompt",
                                                    data
                                                            + ":5: has no prompt; give exactly one of prompt, prompt_ids and messages")));
            assertThat(server.requests()).isEmpty();
        }
        assertThat(LabelJournal.file(output())).doesNotExist();
    }
}
