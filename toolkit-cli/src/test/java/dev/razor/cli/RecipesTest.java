package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The commands of docker/README.md and docs/gpu-box.md: those marked `run` are run, word for word; every other
/// block says what it needs that a test has not.
final class RecipesTest {

    private static final Path HOME = Path.of(System.getProperty("razor.home"));
    private static final List<String> PAGES = List.of("docker/README.md", "docs/gpu-box.md");

    /// What keeps a block from being run here.
    private static final Set<String> NEEDS = Set.of("root", "Docker", "the network", "Apptainer", "Kubernetes");

    @TempDir
    private Path directory;

    /// A block of commands.
    ///
    /// @param mark what stands behind `sh` in the line that opens it
    private record Block(String page, int line, String mark, String commands) {

        boolean isRun() {
            return mark.equals("run");
        }
    }

    @Test
    void everyBlock_isRunOrSaysWhatItNeeds() throws IOException {
        for (String page : PAGES) {
            List<Block> blocks = blocks(page);
            assertThat(blocks).as(page).anyMatch(Block::isRun);
            assertThat(blocks)
                    .allSatisfy(block -> assertThat(block.isRun() ? "run" : block.mark())
                            .as("%s:%d", page, block.line())
                            .matches(mark -> mark.equals("run")
                                    || (mark.startsWith("not-run: ")
                                            && NEEDS.contains(mark.substring("not-run: ".length())))));
        }
    }

    /// The program that a block names tells what it needs: a block of Razor's own commands alone has no excuse.
    @Test
    void everyBlockThatIsNotRun_namesAProgramThatIsNotHere() throws IOException {
        for (String page : PAGES) {
            assertThat(blocks(page).stream().filter(block -> !block.isRun()))
                    .allSatisfy(
                            block -> assertThat(block.commands())
                                    .as("%s:%d", page, block.line())
                                    .containsPattern(
                                            "(?m)^(sudo |docker |.*\\| sudo |curl |apptainer |kubectl |RAZOR_\\w+=\\S+ docker )"));
        }
    }

    @TestFactory
    Stream<DynamicTest> blocksThatAreMarkedSo_run() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String page : PAGES) {
            for (Block block : blocks(page)) {
                if (block.isRun()) {
                    tests.add(dynamicTest("%s:%d".formatted(page, block.line()), () -> run(block)));
                }
            }
        }
        return tests.stream();
    }

    private void run(Block block) throws IOException, InterruptedException {
        Path checkout = checkout(block);
        Path output = checkout.resolve("output.txt");
        Process shell = new ProcessBuilder("sh", "-eu", "-c", block.commands())
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        shell.getOutputStream().close();
        boolean ended = shell.waitFor(5, TimeUnit.MINUTES);
        shell.destroyForcibly();
        assertThat(ended && shell.waitFor() == 0)
                .as(() -> block.commands() + "\n" + text(output))
                .isTrue();
    }

    /// A folder that looks like a checkout whose `razor` is what the tests were compiled to.
    private Path checkout(Block block) throws IOException {
        Path checkout = Files.createDirectory(directory.resolve(block.page().replaceAll("\\W", "-") + block.line()));
        for (String name : List.of("docs", "docker", "examples", "golden", "models.lock")) {
            Files.createSymbolicLink(checkout.resolve(name), HOME.resolve(name));
        }
        String launcher = """
                #!/bin/sh
                exec '%s/bin/java' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
                  -XX:+UseSerialGC -Djava.awt.headless=true '-Drazor.home=%s' -cp '%s' dev.razor.cli.Razor "$@"
                """.formatted(System.getProperty("java.home"), HOME, System.getProperty("java.class.path"));
        Path razor = Files.writeString(checkout.resolve("razor"), launcher);
        Files.setPosixFilePermissions(razor, PosixFilePermissions.fromString("rwxr-xr-x"));
        return checkout;
    }

    private static List<Block> blocks(String page) throws IOException {
        List<String> lines = Files.readAllLines(HOME.resolve(page));
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
                assertThat(lines.get(i)).as("%s:%d", page, i + 1).startsWith("```sh ");
                blocks.add(new Block(
                        page,
                        i + 1,
                        lines.get(i).substring("```sh ".length()),
                        String.join("\n", lines.subList(i + 1, end))));
                i = end;
            }
        }
        return blocks;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
