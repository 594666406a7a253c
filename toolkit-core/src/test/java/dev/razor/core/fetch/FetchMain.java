package dev.razor.core.fetch;

import dev.razor.core.lock.ModelCache;
import dev.razor.core.lock.ModelsLock;
import dev.razor.core.run.Progress;
import java.nio.file.Path;
import java.time.Duration;

/// Fetches the entry `thing` of `FOLDER/models.lock` into `FOLDER/cache`, to be killed.
final class FetchMain {

    private FetchMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        new Fetch(
                        new ModelCache(folder.resolve("cache")),
                        Hub.of(name -> null),
                        FetchOptions.of(1, false, Duration.ofSeconds(5)),
                        Progress.silent(),
                        line -> {})
                .fetch(ModelsLock.read(folder.resolve("models.lock")).entry("thing"));
    }
}
