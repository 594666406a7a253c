package dev.razor.core.config;

import dev.razor.core.base.ConfigException;
import dev.razor.core.run.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a run's configuration from a YAML file and `--set` arguments into a record.
///
/// Keys are the record's component names in snake_case. Every key must be known, every key without a default
/// must be given, and a value must have its key's type. All problems are reported together, one line each:
///
/// ```
/// sft.yaml: warmup_step: unknown key; did you mean warmup_steps?
/// sft.yaml: model: missing; text must be given (the model to train)
/// --set learning_rate=fast: expected a number, got "fast"
/// ```
///
/// A relative path in a configuration means what it would mean on the command line: it starts at the working
/// directory, as with transformers, TRL and axolotl, wherever the file lies. So a run's configuration can be
/// copied into its run directory and still means the same, and a path from `--set` needs no rule of its own.
/// Paths are not rewritten. A file that travels together with what it names can be served by [#beside].
public final class ConfigLoader {

    private ConfigLoader() {}

    /// Reads `file`, applies `overrides` (`key=value`, dotted for keys in sections) and binds the result to
    /// `type`.
    ///
    /// @throws ConfigException with a line for every problem
    public static <T extends Record> T load(Path file, List<String> overrides, Class<T> type) {
        return parse(text(file), file.toString(), overrides, type);
    }

    /// As [#load], for YAML that is already at hand, such as a built-in default; `where` stands for the file's
    /// name.
    ///
    /// @throws ConfigException with a line for every problem
    public static <T extends Record> T parse(String yaml, String where, List<String> overrides, Class<T> type) {
        ObjectNode root = switch (YamlReader.read(yaml, where)) {
            case ObjectNode object -> object;
            case null ->
                throw new ConfigException(
                        "%s: is empty; write a line `key: value` for every key that has no default".formatted(where));
            case JsonNode other ->
                throw new ConfigException("%s: expected lines of the form `key: value` at the top level, got %s"
                        .formatted(where, ValueReader.shown(other)));
        };
        return bind(root, where, Settings.apply(overrides, root), type);
    }

    /// Binds a tree that the caller has made, such as one run of a study; `where` heads each problem's line.
    ///
    /// @throws ConfigException with a line for every problem
    public static <T extends Record> T bind(ObjectNode node, String where, Class<T> type) {
        return bind(node, where, Settings.none(), type);
    }

    /// `path` as seen from the folder of `file`; an absolute path stays.
    public static Path beside(Path file, Path path) {
        return file.resolveSibling(path);
    }

    private static <T extends Record> T bind(ObjectNode node, String where, Settings settings, Class<T> type) {
        Binder binder = new Binder(where, settings);
        T config = binder.section(node, type, "");
        List<String> problems = new ArrayList<>(settings.problems());
        problems.addAll(binder.problems());
        if (config == null || !problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException("%s: is a directory; give the YAML file in it".formatted(file));
        }
        try {
            String text = Files.readString(file);
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ConfigException("%s: is not UTF-8 text; save it as UTF-8".formatted(file), e);
        } catch (IOException e) {
            throw new ConfigException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
    }
}
