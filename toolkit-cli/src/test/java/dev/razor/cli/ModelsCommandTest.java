package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.razor.core.run.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelsCommandTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));

    @TempDir
    private Path folder;

    private HttpServer server;
    private Path lock;
    private String digest;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/good.jsonl", exchange -> {
            byte[] body = "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        digest = Sha256.ofText("{\"a\": 1}\n");
        lock = folder.resolve("my.lock");
        Files.writeString(lock, """
                datasets:
                  missing: # none has it
                    addresses: ["http://127.0.0.1:%1$d/no/{path}"]
                    licence: MIT
                    files:
                      - {path: bad.jsonl, bytes: null, sha256: null}
                  thing:
                    addresses: ["http://127.0.0.1:%1$d/{path}"]
                    licence: MIT
                    files:
                      - {path: good.jsonl, bytes: null, sha256: null}
                """.formatted(server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private CommandRun models(String command, Object... more) {
        Object[] all = new Object[more.length + 6];
        all[0] = "models";
        all[1] = command;
        all[2] = "--lock";
        all[3] = lock;
        all[4] = "--cache";
        all[5] = folder.resolve("cache");
        System.arraycopy(more, 0, all, 6, more.length);
        return CommandRun.of(all);
    }

    @Test
    void anEntryIsFetchedRecordedVerified() throws IOException {
        assertThat(models("list").out()).contains("thing    data set          ?  not fetched  0/1 pinned    MIT");
        assertThat(models("fetch", "thing", "--locked").problem())
                .startsWith("error: thing: models.lock has no sha256 for good.jsonl");
        CommandRun fetched = models("fetch", "thing");
        assertThat(fetched.exit()).as(fetched.err()).isZero();
        assertThat(fetched.out()).isEqualTo("fetched %s%n".formatted(folder.resolve("cache/thing")));
        assertThat(fetched.err())
                .contains("warning: thing/good.jsonl: models.lock has no sha256 for it; what came has " + digest);
        assertThat(models("verify").out())
                .contains("ok  thing, 1 files, 9 B; not checked, for want of a recorded sha256: good.jsonl");
        assertThat(models("lock", "thing").out()).contains("thing: 1 of 1 files recorded from ");
        assertThat(Files.readString(lock))
                .contains("{path: good.jsonl, bytes: 9, sha256: %s}".formatted(digest), "missing: # none has it");
        assertThat(models("fetch", "thing", "--locked").out()).startsWith("is there: ");
        assertThat(models("verify", "thing").out()).isEqualTo("ok  thing, 1 files, 9 B%n".formatted());
        Files.writeString(folder.resolve("cache/thing/mine.txt"), "mine");
        assertThat(models("verify", "thing").out())
                .isEqualTo("ok  thing, 1 files, 9 B; beside them, not of models.lock: mine.txt%n".formatted());
        Files.writeString(folder.resolve("cache/thing/good.jsonl"), "{\"a\": 2}\n");
        CommandRun broken = models("verify", "thing");
        assertThat(broken.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(broken.problem())
                .contains("error: thing/good.jsonl: has sha256 ")
                .contains("expected " + digest);
    }

    @Test
    void whatFails_isALineEachAndTheRestIsFetched() {
        CommandRun run = models("fetch", "missing", "thing");
        assertThat(run.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(run.problem())
                .isEqualTo(
                        "error: missing/bad.jsonl: cannot be fetched: 127.0.0.1: answers 404; models.lock names a place that is not there");
        assertThat(folder.resolve("cache/thing/good.jsonl")).exists();
        assertThat(models("fetch", "thingy", "mising").problem())
                .isEqualTo("error: thingy: my.lock has no such name; did you mean thing?\n"
                        + "error: mising: my.lock has no such name; did you mean missing?");
        assertThat(models("verify", "missing").problem())
                .isEqualTo("error: missing: is not fetched; run: razor models fetch missing");
        assertThat(models("fetch").exit()).isEqualTo(2);
        assertThat(models("fetch", "thing", "--jobs", "0").exit()).isEqualTo(ExitCode.USER_ERROR);
    }

    @Test
    void anEntryBesideTheLock_isNotAskedOfTheHubNorFetched() throws IOException {
        Files.writeString(lock, "models:\n  near: {path: here, licence: MIT, files: [{path: config.json}]}\n");
        String place = folder.resolve("here").toString();
        for (String command : new String[] {"lock", "fetch"}) {
            assertThat(models(command, "near").problem())
                    .isEqualTo(
                            "error: near: %1$s lacks files of models.lock, or has them in other sizes; put the right ones into %1$s, or get Razor's files again"
                                    .formatted(place));
        }
        assertThat(models("verify", "near").problem())
                .isEqualTo("error: near: %1$s is not there; put the right ones into %1$s, or get Razor's files again"
                        .formatted(place));
        Files.createDirectories(folder.resolve("here"));
        assertThat(models("verify", "near").problem()).doesNotContain("fetch");
    }

    @Test
    void aLicence_isPrintedOnItsLineWithoutWhatATerminalObeys() throws IOException {
        Files.writeString(lock, """
                models:
                  near: {path: here, licence: "MIT\\n\\e[31mfetched \\u202e\\x9b1m", files: [{path: config.json}]}
                """);
        assertThat(models("list").out())
                .startsWith("near  ")
                .contains("  MIT [31mfetched  1m%n".formatted())
                .hasLineCount(2);
    }

    @Test
    void aModelIsNamedWhereverOneIsGiven() {
        assertThat(CommandRun.of("bench", "--memory-page", "quickstart-base").out())
                .contains("quickstart");
        CommandRun unknown = CommandRun.of("score", "quickstart-bas", "--input", "i", "--output", "o");
        assertThat(unknown.exit()).isEqualTo(ExitCode.USER_ERROR);
        assertThat(unknown.problem())
                .isEqualTo(
                        "error: model: quickstart-bas is neither a directory nor a name in models.lock; did you mean quickstart-base?");
        Path data = HOME.resolve("examples/quickstart/data/task/sft1.jsonl");
        assertThat(CommandRun.of("data", "show", "--model", "quickstart-base", "--data", data, "--limit", "0")
                        .exit())
                .isZero();
    }

    @Test
    void aRunsModel_canBeAName() throws IOException {
        Path config = folder.resolve("sft.yaml");
        Files.writeString(
                config, """
                model: quickstart-base
                data: %s
                output: %s
                learning_rate: 1e-3
                max_steps: 1
                """.formatted(HOME.resolve("examples/quickstart/data/task/sft1.jsonl"), folder.resolve("out")));
        assertThat(CommandRun.of("sft", config, "--dry-run").out()).contains("model: \"quickstart-base\"");
        CommandRun run = CommandRun.of("sft", config, "--device", "cpu");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(folder.resolve("out/final/model.safetensors")).exists();
        assertThat(CommandRun.of(
                                "sft",
                                config,
                                "--set",
                                "model=qwen2.5-3b-instrct",
                                "--set",
                                "output=" + folder.resolve("two"))
                        .problem())
                .endsWith("did you mean qwen2.5-3b-instruct?");
    }
}
