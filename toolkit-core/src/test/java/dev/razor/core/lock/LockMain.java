package dev.razor.core.lock;

import java.nio.file.Path;
import java.util.Map;

/// Fills every third entry of a lock file, each with its own write, beside others that do the same.
final class LockMain {

    private LockMain() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        ModelsLock before = ModelsLock.read(file);
        for (int i = first; i < before.entries().size(); i += 3) {
            Map<String, CacheCheck.Found> found = Map.of("x.json", new CacheCheck.Found(i, "a".repeat(64)));
            LockWriter.fill(before, before.entries().get(i), found);
        }
    }
}
