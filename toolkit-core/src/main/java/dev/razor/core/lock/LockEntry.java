package dev.razor.core.lock;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A model or data set of `models.lock`.
///
/// @param name the name that users type
/// @param local where it lies beside the lock file; null for one that is fetched
/// @param templates where a file is fetched from, in the order of trial; `{path}` stands for the file
public record LockEntry(
        String name, Kind kind, String licence, @Nullable Path local, List<String> templates, List<LockedFile> files) {

    /// The hub's address, which `HF_ENDPOINT` replaces.
    public static final String HUB = "https://huggingface.co";

    /// What an entry is.
    public enum Kind {
        MODEL("model", HUB + "/{repository}/resolve/{revision}/{path}"),
        DATA_SET("data set", HUB + "/datasets/{repository}/resolve/{revision}/{path}");

        private final String text;
        private final String template;

        Kind(String text, String template) {
            this.text = text;
            this.template = template;
        }

        /// Its name in messages.
        public String text() {
            return text;
        }
    }

    static LockEntry of(String name, Kind kind, EntryKeys keys, Path folder) {
        List<String> templates = keys.path() != null
                ? List.of()
                : keys.addresses().isEmpty() ? List.of(kind.template) : keys.addresses();
        return new LockEntry(
                name,
                kind,
                keys.licence(),
                keys.path() == null ? null : folder.resolve(keys.path()).normalize(),
                templates.stream()
                        .map(template -> template.replace("{repository}", String.valueOf(keys.repository()))
                                .replace("{revision}", String.valueOf(keys.revision())))
                        .toList(),
                keys.files());
    }

    /// Where `file` is fetched from, in the order of trial.
    ///
    /// @param endpoint stands in for [#HUB], without a slash at its end
    public List<URI> addresses(LockedFile file, URI endpoint) {
        return templates.stream()
                .map(template -> template.replace("{path}", file.path()))
                .map(address -> address.startsWith(HUB + "/") ? endpoint + address.substring(HUB.length()) : address)
                .map(URI::create)
                .toList();
    }

    /// What to do where files of it are not the lock's in `place`: Razor's own are not fetched.
    public String remedy(Path place) {
        return local == null
                ? "move %s away and fetch it again".formatted(place)
                : "put the right ones into %s, or get Razor's files again".formatted(place);
    }

    /// The names of the files without a digest.
    public List<String> unpinned() {
        return files.stream()
                .filter(file -> file.sha256() == null)
                .map(LockedFile::path)
                .toList();
    }

    /// The size of all files together; empty while one is not recorded.
    public OptionalLong bytes() {
        long sum = 0;
        for (LockedFile file : files) {
            if (file.bytes() == null) {
                return OptionalLong.empty();
            }
            sum += file.bytes();
        }
        return OptionalLong.of(sum);
    }
}
