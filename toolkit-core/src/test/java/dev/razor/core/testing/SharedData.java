package dev.razor.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The folder of real data beside the checkout, `../shared/data`, which is not part of the project. Tests that
/// read it are tagged `data`. Where it is absent they are skipped; with `-Drazor.requireData=true` they fail
/// instead.
public final class SharedData {

    private SharedData() {}

    /// The file or folder `path` of the data folder.
    public static Path at(String path) {
        Path file = Path.of(System.getProperty("razor.home"))
                .resolve("../shared/data")
                .normalize()
                .resolve(path);
        if (!Boolean.getBoolean("razor.requireData")) {
            assumeTrue(Files.exists(file), "there is no " + file);
        }
        return file;
    }
}
