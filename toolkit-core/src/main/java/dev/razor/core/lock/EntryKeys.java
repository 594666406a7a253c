package dev.razor.core.lock;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys of one entry of `models.lock`: it lies at `path` beside the lock file, or is fetched from a
/// `repository` of the hub at a `revision`, or from `addresses`.
record EntryKeys(
        @Key("under which it may be used") String licence,

        @Key(value = "where it lies, from the lock file's folder; null: it is fetched", fallback = "null") @Nullable
        Path path,

        @Key(value = "what makes it", fallback = "null") @Nullable
        Path recipe,

        @Key(value = "the recipe's seed", fallback = "null") @Nullable
        Long seed,

        @Key(value = "owner and name on the hub", fallback = "null") @Nullable
        String repository,

        @Key(value = "commit", fallback = "null") @Nullable String revision,

        @Key(
                value = "templates with {path}, {repository}, {revision}, tried in their order; []: the hub's",
                fallback = "[]")
        List<String> addresses,

        @Key("its files") List<LockedFile> files) {

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*";

    EntryKeys {
        Check.that(!files.isEmpty(), "files must name at least one file");
        String clash = SafePath.clash(files.stream().map(LockedFile::path).toList());
        Check.that(clash == null, "files hold %s twice (capitals do not count), or as a file and a folder", clash);
        Check.that(
                path == null || (repository == null && addresses.isEmpty()),
                "path, and repository or addresses exclude each other; keep one");
        Check.that(
                path != null || repository != null || !addresses.isEmpty(), "needs a path, a repository or addresses");
        Check.that(
                repository == null || repository.matches(NAME + "/" + NAME),
                "repository must be an owner and a name, such as Qwen/Qwen2.5-3B-Instruct, got %s",
                repository);
        Check.that(
                revision == null || revision.matches(NAME),
                "revision must be a commit, a tag or a branch, got %s",
                revision);
        Check.that(repository == null || revision != null, "repository needs a revision");
        for (String address : addresses) {
            String bare =
                    address.replace("{path}", "").replace("{repository}", "").replace("{revision}", "");
            // no place stands in the host, or behind a % with which it would make a letter
            String filled = address.replace("{path}", "p")
                    .replace("{repository}", "o/n")
                    .replace("{revision}", "r");
            Check.that(
                    address.matches("https?://[A-Za-z0-9.:-]+/.*")
                            && bare.matches("[A-Za-z0-9:/._~%?&=+-]+")
                            && WebAddress.of(filled).isPresent(),
                    "addresses must be http or https addresses with {path}, {repository}, {revision} alone as places, got %s",
                    address);
            Check.that(address.contains("{path}"), "addresses must hold {path}, got %s", address);
            Check.that(
                    !address.contains("{repository}") || repository != null, "addresses need a repository, got none");
            Check.that(!address.contains("{revision}") || revision != null, "addresses need a revision, got none");
        }
        files = List.copyOf(files);
        addresses = List.copyOf(addresses);
    }
}
