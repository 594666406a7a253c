package dev.razor.cli;

import dev.razor.core.base.ConfigException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/// The names that `--only` asks for, by patterns as a shell has them: `sft-*`, `*seed=[12]`, `{sft,grpo}*`.
final class RunNames {

    private RunNames() {}

    /// Whether a name matches one of `globs`; all do where there are none.
    ///
    /// @param names those there are
    /// @throws ConfigException if a pattern is none, or matches none of them
    static Predicate<String> matching(List<String> globs, List<String> names) {
        if (globs.isEmpty()) {
            return _ -> true;
        }
        List<PathMatcher> matchers = new ArrayList<>();
        for (String glob : globs) {
            PathMatcher matcher;
            try {
                matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
            } catch (PatternSyntaxException e) {
                throw new ConfigException(
                        "--only: %s is no pattern: %s; correct it".formatted(glob, e.getDescription()), e);
            }
            if (names.stream().noneMatch(name -> matcher.matches(Path.of(name)))) {
                throw new ConfigException("--only: no run is called %s; the runs are %s%s"
                        .formatted(
                                glob,
                                String.join(", ", names.subList(0, Math.min(10, names.size()))),
                                names.size() > 10 ? " and %d more, see --dry-run".formatted(names.size() - 10) : ""));
            }
            matchers.add(matcher);
        }
        return name -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(name)));
    }
}
