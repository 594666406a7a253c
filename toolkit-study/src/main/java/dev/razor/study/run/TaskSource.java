package dev.razor.study.run;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.task.Task;
import java.nio.file.Path;
import java.util.List;

/// A task that a study makes out of a data set's own files, as `razor data prepare` does.
record TaskSource(
        @Key("science | tooluse | math") Task task,

        @Key("files and folders below data, or data sets of models.lock: NAME, NAME/FILE")
        List<Path> input,

        @Key(value = "the same of those whose prompts are the test part; none: a fifth of the input", fallback = "[]")
        List<Path> test,

        @Key("the folder to make, below data") Path output,

        @Key(value = "decides who is in which part", fallback = "42")
        long seed,

        @Key(value = "take at most so many prompts, drawn by the seed; 0 takes all", fallback = "0")
        int limit) {

    TaskSource {
        Check.that(!input.isEmpty(), "input must name at least one file");
        Check.that(limit >= 0, "limit must not be negative, got %d", limit);
        input = List.copyOf(input);
        test = List.copyOf(test);
    }
}
