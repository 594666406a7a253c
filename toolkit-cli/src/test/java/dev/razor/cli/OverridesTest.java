package dev.razor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class OverridesTest {

    @Command
    private static final class Some {

        @Mixin
        private final Overrides overrides = new Overrides();
    }

    private static List<String> settings(String... words) {
        Some some = new Some();
        new CommandLine(some).parseArgs(words);
        return some.overrides.settings();
    }

    /// The last one for a key wins, so the order is what counts.
    @Test
    void settings_areThoseThatWereTyped_inTheirOrder() {
        assertThat(settings()).isEmpty();
        assertThat(settings("--seed", "7", "--batch-size=4", "--set", "output=o", "--device", "cpu", "--set=seed=8"))
                .containsExactly("seed=7", "per_device_train_batch_size=4", "output=o", "device=cpu", "seed=8");
        assertThat(settings("--set", "a=1", "--set", "a=1", "--dtype", "float32"))
                .containsExactly("a=1", "a=1", "dtype=float32");
    }
}
