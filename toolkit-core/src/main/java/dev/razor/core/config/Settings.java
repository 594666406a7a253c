package dev.razor.core.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `--set key=value` arguments of a command: puts them into a tree, and remembers which key came from which
/// one, so that a message can quote what the user typed.
final class Settings {

    private final Map<String, Setting> given = new LinkedHashMap<>();
    private final Map<String, Setting> created = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Settings() {}

    static Settings none() {
        return new Settings();
    }

    /// Writes `arguments` into `root` in their order, so that the last one for a key wins.
    static Settings apply(List<String> arguments, ObjectNode root) {
        Settings settings = new Settings();
        for (String argument : arguments) {
            Setting setting = Setting.parse(argument);
            if (setting == null) {
                settings.problems.add("--set %s: expected key=value, such as --set seed=1".formatted(argument));
            } else {
                settings.put(setting, root);
            }
        }
        return settings;
    }

    /// What could not be put into the tree, one line each.
    List<String> problems() {
        return problems;
    }

    /// The argument that gave the value of exactly this key, or null.
    @Nullable
    Setting of(String path) {
        return given.get(path);
    }

    /// The argument from which the value at `path` came: it set this key, a section around it, or made the
    /// section.
    @Nullable
    Setting origin(String path) {
        Setting maker = created.get(path);
        return maker == null ? originOfWhole(path) : maker;
    }

    /// As [#origin], but not where an argument only added to a section: what is missing there is not its fault.
    @Nullable
    Setting originOfWhole(String path) {
        for (String at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, parentEnd(at)))) {
            Setting setting = given.get(at);
            if (setting != null) {
                return setting;
            }
        }
        return null;
    }

    private static int parentEnd(String path) {
        return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    }

    private void put(Setting setting, ObjectNode root) {
        ObjectNode section = root;
        String at = "";
        List<String> keys = setting.keys();
        for (String key : keys.subList(0, keys.size() - 1)) {
            at = at.isEmpty() ? key : at + "." + key;
            switch (section.get(key)) {
                case null -> {
                    section = section.putObject(key);
                    created.put(at, setting);
                }
                case ObjectNode child -> section = child;
                case JsonNode other -> {
                    problems.add("%s: %s is not a section, it holds %s"
                            .formatted(setting.argument(), at, ValueReader.shown(other)));
                    return;
                }
            }
        }
        String path = setting.path();
        given.keySet().removeIf(older -> older.startsWith(path + "."));
        created.keySet().removeIf(older -> older.equals(path) || older.startsWith(path + "."));
        given.put(path, setting);
        section.set(keys.getLast(), setting.node());
    }
}
