package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DoctorCommandTest {

    @TempDir
    private Path directory;

    @Test
    void eachLine_hasAStatus_andWhatToDoWhereItIsNotOk() {
        CommandRun run = CommandRun.of("doctor", "--device", "cpu");

        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out().lines().toList().getLast()).endsWith("0 failed: training can run");
        assertThat(run.out().lines().filter(line -> !line.contains(" checks, ")))
                .hasSizeGreaterThan(8)
                .allMatch(line -> line.startsWith("ok ") || line.matches("(warning|FAILED) .*; .*"));
        assertThat(run.out()).contains("JDK", "libtorch", "memory", "runs", "sandbox", "study quickstart");
    }

    @Test
    void json_saysTheSame() {
        CommandRun run = CommandRun.of("doctor", "--device", "cpu", "--json");

        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(json.path("training_can_run").asBoolean()).isTrue();
        for (JsonNode check : json.path("checks")) {
            assertThat(check.path("remedy").asString().isEmpty())
                    .as(check.toString())
                    .isEqualTo(check.path("status").asString().equals("ok"));
        }
    }

    @Test
    void aStudyThatWasNamed_mustBeThere() throws IOException {
        Path study = Files.writeString(directory.resolve("study.yaml"), "title: nothing else\n");

        CommandRun run = CommandRun.of("doctor", "--device", "cpu", "--study", study);

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("FAILED   study").contains("1 failed: training cannot run");
    }

    @Test
    void anUnknownDevice_isAUsersMistake() {
        CommandRun run = CommandRun.of("doctor", "--device", "tpu");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.problem()).isEqualTo("error: --device: expected auto, cpu or cuda, got tpu");
    }
}
