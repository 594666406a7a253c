package dev.razor.core.testing;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The golden numbers that ship with Razor.
public final class Golden {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Golden() {}

    /// `golden/` at the repository's root.
    public static Path directory() {
        return Path.of(System.getProperty("razor.home"), "golden");
    }

    /// The model the numbers were computed with.
    public static Path model() {
        return directory().resolve("model-a");
    }

    /// A file of `golden/golden`.
    public static JsonNode json(String name) {
        return JSON.readTree(directory().resolve("golden").resolve(name).toFile());
    }

    /// A JSON list of numbers.
    public static double[] doubles(JsonNode list) {
        double[] values = new double[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asDouble();
        }
        return values;
    }

    /// A JSON list of token ids.
    public static int[] ids(JsonNode list) {
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asInt();
        }
        return values;
    }
}
