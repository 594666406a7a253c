package dev.razor.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    @Test
    void write_putsEveryFieldDown() {
        Path file = folder.resolve("provenance.json");
        new Provenance("1.0", null, "25", "Linux", "a cpu", 2, "2.7.1", List.of("sft", "a b.yaml"), START).write(file);
        assertThat(file).hasContent("""
                {
                  "razor_version" : "1.0",
                  "git_commit" : null,
                  "java_version" : "25",
                  "os" : "Linux",
                  "cpu" : "a cpu",
                  "cores" : 2,
                  "libtorch_version" : "2.7.1",
                  "command_line" : [ "sft", "a b.yaml" ],
                  "start_time" : "2026-01-02T03:04:05Z"
                }
                """);
    }

    @Test
    void write_refusesAnExistingFile() {
        Provenance provenance = Provenance.capture("2.7.1", List.of(), START);
        provenance.write(folder.resolve("p"));
        assertThatThrownBy(() -> provenance.write(folder.resolve("p"))).isInstanceOf(ConfigException.class);
    }

    @Test
    void capture_knowsThisMachine() {
        Provenance here = Provenance.capture("2.7.1", List.of("run"), START);
        assertThat(here.javaVersion()).startsWith(Runtime.version().toString());
        assertThat(here.os()).startsWith(System.getProperty("os.name"));
        assertThat(here.cpu()).isNotBlank();
        assertThat(here.cores()).isPositive();
        assertThat(here.commandLine()).containsExactly("run");
        assertThat(here.startTime()).isEqualTo(START);
    }

    @Test
    void cpuModel_isTheFirstOfTheList() throws IOException {
        Path file = Files.writeString(
                folder.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Cpu A: 3 GHz\n\nmodel name\t: Cpu B\n");
        assertThat(Provenance.cpuModel(file)).isEqualTo("Cpu A: 3 GHz");
        assertThat(Provenance.cpuModel(Files.createFile(folder.resolve("empty"))))
                .isEqualTo(System.getProperty("os.arch"));
        assertThat(Provenance.cpuModel(folder.resolve("no"))).isEqualTo(System.getProperty("os.arch"));
    }

    @Test
    void gitCommit_isNullWithoutACheckout() throws IOException {
        assertThat(GitCommit.of(folder)).isNull();
        Files.createDirectory(folder.resolve(".git"));
        assertThat(GitCommit.of(folder)).isNull();
    }

    @Test
    void gitCommit_ofAnInstallationWithoutHistory_isWhatItStates() throws IOException {
        Files.writeString(folder.resolve("REVISION"), "0123456789abcdef\n");

        assertThat(GitCommit.of(folder)).isEqualTo("0123456789abcdef");
    }

    @Test
    void gitCommit_marksChangedFiles() throws IOException, InterruptedException {
        boolean hasGit = git("init", "-q");
        assumeTrue(hasGit, "git is not installed");
        Files.writeString(folder.resolve("a"), "1");
        git("add", "a");
        git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "--no-verify", "-m", "m");
        assertThat(GitCommit.of(folder)).matches("[0-9a-f]{40}");
        Files.writeString(folder.resolve("a"), "23");
        assertThat(GitCommit.of(folder)).matches("[0-9a-f]{40}-dirty");
        assertThat(GitCommit.of(Files.createDirectory(folder.resolve("sub")))).isNull();
    }

    private boolean git(String... arguments) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of("git")))
                .directory(folder.toFile())
                .inheritIO();
        builder.command().addAll(List.of(arguments));
        List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE").forEach(builder.environment()::remove);
        try {
            return builder.start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
