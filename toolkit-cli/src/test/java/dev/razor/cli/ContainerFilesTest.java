package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What a linter cannot know of the container files: that bytes are pinned, that versions are the build's, and
/// that what runs model-written code is closed in.
final class ContainerFilesTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));

    private static String read(String file) throws IOException {
        return Files.readString(HOME.resolve(file));
    }

    private static String one(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static List<String> all(String text, String pattern) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static JsonNode service(String name) throws IOException {
        JsonNode services = YAMLMapper.builder()
                .build()
                .readTree(read("docker/compose.yaml"))
                .path("services");
        assertThat(services.has(name)).isTrue();
        return services.path(name);
    }

    @Test
    void everyBaseImage_isNamedWithItsDigest() throws IOException {
        String dockerfile = read("docker/Dockerfile");

        assertThat(all(dockerfile, "^FROM \\S+"))
                .isNotEmpty()
                .allMatch(from -> from.matches("FROM (\\$\\{(JDK|CUDA)_IMAGE}|toolkit)"));
        assertThat(all(dockerfile, "^ARG (JDK|CUDA)_IMAGE=.*"))
                .hasSize(2)
                .allMatch(image -> image.matches("ARG \\w+=[a-z/-]+:[\\w.-]+@sha256:[0-9a-f]{64}"));
        assertThat(one(dockerfile, "^ARG LIBTORCH_SHA256=(.*)$")).matches("[0-9a-f]{64}");
    }

    @Test
    void versions_areThoseOfTheBuild() throws IOException {
        String pom = read("pom.xml");
        String version = one(pom, "<artifactId>razor</artifactId>\\s*<version>(.*?)<");
        String pytorch = one(pom, "<pytorch.version>(.*?)<");
        String dockerfile = read("docker/Dockerfile");

        assertThat(all(dockerfile, "^ARG VERSION=.*")).hasSize(3).containsOnly("ARG VERSION=" + version);
        assertThat(one(read("docker/compose.yaml"), "VERSION: (\\S+)$")).isEqualTo(version);
        assertThat(all(dockerfile, "PYTORCH_VERSION=\\S+")).hasSize(2).containsOnly("PYTORCH_VERSION=" + pytorch);
        assertThat(one(dockerfile, "^ARG LIBTORCH_URL=(.*)$")).contains("-" + pytorch + "%2Bcu128");
    }

    @Test
    void everyImage_isStartedByAUserWhoIsNotRoot() throws IOException {
        String dockerfile = read("docker/Dockerfile");

        assertThat(all(dockerfile, "^USER .*")).hasSize(3).containsOnly("USER 10001:10001");
        assertThat(all(dockerfile, "^HEALTHCHECK .*doctor.*")).hasSize(2);
    }

    @Test
    void theContainerOfModelWrittenCode_hasNothingButItsFolder() throws IOException {
        JsonNode exec = service("exec");

        assertThat(exec.path("network_mode").asString()).isEqualTo("none");
        assertThat(exec.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(exec.path("read_only").asBoolean()).isTrue();
        assertThat(exec.path("security_opt").toString()).isEqualTo("[\"no-new-privileges:true\"]");
        assertThat(exec.path("pids_limit").asInt()).isPositive();
        assertThat(exec.path("mem_limit").asString()).isNotEmpty();
        assertThat(exec.path("volumes")).hasSize(1);
        assertThat(exec.has("environment")).isFalse();
        assertThat(read("docker/Dockerfile")).contains("RAZOR_EXEC_CONTAINER=1");
    }

    @Test
    void theReport_isServedToThisMachineAlone() throws IOException {
        assertThat(service("report").path("ports"))
                .allMatch(port -> port.asString().startsWith("127.0.0.1:"));
    }

    @Test
    void nothingReachesTheBuild_thatIsNotListed() throws IOException {
        List<String> lines = read(".dockerignore")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertThat(lines.getFirst()).isEqualTo("*");
        assertThat(lines).doesNotContain("!.git", "!runs").contains("**/target", "**/.env");
    }

    @Test
    void noSecret_isAnArgumentOfTheBuild() throws IOException {
        assertThat(read("docker/Dockerfile")).doesNotContain("HF_TOKEN");
        assertThat(read("docker/compose.yaml")).doesNotContainPattern("HF_TOKEN[=:]");
    }
}
