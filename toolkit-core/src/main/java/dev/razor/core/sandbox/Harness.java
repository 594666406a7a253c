package dev.razor.core.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The Python programs of ours that run in a sandbox.
enum Harness {
    /// Runs the tested program and answers calls.
    CANDIDATE("candidate.py"),

    /// Runs the tests and decides.
    CHECKER("checker.py");

    private final String source;

    Harness(String file) {
        this.source = resource("confine.py") + "\n\n" + resource("values.py") + "\n\n" + resource(file);
    }

    /// The whole program's text, for `python3 -c`.
    String source() {
        return source;
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Harness.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
