package dev.razor.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The commit that a checkout is at.
final class GitCommit {

    private static final int SECONDS = 5;

    /// The file of an installation without history, such as an image, that states the commit it was built from.
    private static final String STATED = "REVISION";

    private GitCommit() {}

    /// The commit's hash, with `-dirty` behind it when tracked files are changed; for an installation without
    /// history what it states. Null when `directory` is neither, git is missing, or it does not answer.
    ///
    /// A folder that merely lies in someone else's checkout has none.
    static @Nullable String of(Path directory) {
        try {
            if (Files.exists(directory.resolve(".git"))) {
                return describe(directory);
            }
            Path stated = directory.resolve(STATED);
            return Files.exists(stated) ? Files.readString(stated).strip() : null;
        } catch (IOException _) {
            return null;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static @Nullable String describe(Path directory) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // a git hook that starts Razor points these at another checkout
        List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE").forEach(builder.environment()::remove);
        Process git = builder.start();
        git.getOutputStream().close();
        if (!git.waitFor(SECONDS, TimeUnit.SECONDS)) {
            git.destroyForcibly();
            return null;
        }
        try (InputStream out = git.getInputStream()) {
            String answer = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.exitValue() == 0 && !answer.isEmpty() ? answer : null;
        }
    }
}
