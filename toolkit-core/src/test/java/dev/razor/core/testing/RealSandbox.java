package dev.razor.core.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.razor.core.base.ConfigException;
import dev.razor.core.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;

/// The sandbox of this machine. Where it has none, tests that need it are skipped; with
/// `-Drazor.requireSandbox=true` they fail instead.
public final class RealSandbox {

    private static @Nullable Sandbox found;

    private RealSandbox() {}

    public static synchronized Sandbox get() {
        if (found == null) {
            try {
                found = Sandbox.find();
            } catch (ConfigException e) {
                if (Boolean.getBoolean("razor.requireSandbox")) {
                    throw e;
                }
                abort(String.join("; ", e.problems()));
            }
        }
        return found;
    }
}
