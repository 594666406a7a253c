package dev.razor.core.lock;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.config.Key;
import dev.razor.core.config.NearestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The file `models.lock`, read.
///
/// @param file where it was read from
/// @param entries models first, then data sets, each in the order of the file
public record ModelsLock(Path file, List<LockEntry> entries) {

    /// Names another lock file than the one that Razor ships.
    public static final String VARIABLE = "RAZOR_LOCK";

    private static final String NAME = "models.lock";

    private record Sections(
            @Key(value = "models by name", fallback = "{}") ObjectNode models,

            @Key(value = "data sets by name", fallback = "{}")
            ObjectNode datasets) {}

    /// The lock file of this installation: `RAZOR_LOCK`, or `models.lock` in Razor's folder; empty where there
    /// is none.
    public static Optional<Path> installed() {
        String named = System.getenv(VARIABLE);
        if (named != null && !named.isEmpty()) {
            return Optional.of(ModelCache.path(VARIABLE, named));
        }
        return Optional.ofNullable(System.getProperty("razor.home"))
                .map(home -> Path.of(home, NAME))
                .filter(Files::exists);
    }

    /// Reads a lock file and checks all of it.
    ///
    /// @throws ConfigException with a line for every problem
    public static ModelsLock read(Path file) {
        Sections sections = ConfigLoader.load(file, List.of(), Sections.class);
        List<String> problems = new ArrayList<>();
        List<LockEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (LockEntry.Kind kind : LockEntry.Kind.values()) {
            ObjectNode section = switch (kind) {
                case MODEL -> sections.models;
                case DATA_SET -> sections.datasets;
            };
            for (Map.Entry<String, JsonNode> entry : section.properties()) {
                String name = entry.getKey();
                try {
                    requireName(file, name, names);
                    if (!(entry.getValue() instanceof ObjectNode node)) {
                        throw new ConfigException("%s: %s: expected a section of keys".formatted(file, name));
                    }
                    EntryKeys keys = ConfigLoader.bind(node, file + ": " + name, EntryKeys.class);
                    if (kind == LockEntry.Kind.MODEL) {
                        requireModelFiles(file + ": " + name, keys.files());
                    }
                    entries.add(LockEntry.of(name, kind, keys, folder(file)));
                } catch (ConfigException e) {
                    problems.addAll(e.problems());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new ModelsLock(file, List.copyOf(entries));
    }

    private static void requireName(Path file, String name, Set<String> names) {
        if (!name.matches("[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*") || SafePath.problem(name) != null) {
            throw new ConfigException(
                    "%s: the name %s cannot be a directory's everywhere; write small letters, digits and ._-"
                            .formatted(file, name));
        }
        if (name.endsWith(".lock")) {
            throw new ConfigException(
                    "%s: the name %s is that of the file that is held while %s is fetched; write another"
                            .formatted(file, name, name.replaceAll("\\.lock$", "")));
        }
        if (!names.add(name)) {
            throw new ConfigException(
                    "%s: the name %s is a model's and a data set's; rename one".formatted(file, name));
        }
    }

    private static void requireModelFiles(String place, List<LockedFile> files) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            String problem = SafePath.modelProblem(files.get(i).path());
            if (problem != null) {
                problems.add("%s: files[%d]: %s".formatted(place, i, problem));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /// The entry of that name, or empty.
    public Optional<LockEntry> find(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// The entry of that name.
    ///
    /// @throws ConfigException that guesses which name was meant
    public LockEntry entry(String name) {
        return find(name)
                .orElseThrow(() -> new ConfigException(
                        "%s: %s has no such name; %s".formatted(name, file.getFileName(), remedy(name))));
    }

    /// What to do about a name that is not there.
    String remedy(String name) {
        String nearest =
                NearestKey.of(name, entries.stream().map(LockEntry::name).toList());
        return nearest == null ? "razor models list shows the names" : "did you mean %s?".formatted(nearest);
    }
}
