package dev.razor.core.checkpoint;

import dev.razor.core.base.CheckpointException;
import dev.razor.core.run.JsonReason;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The header of a safetensors file: what each tensor is and where its bytes lie.
///
/// Everything the format promises is checked here: known types, sizes that match shapes, and byte ranges that
/// cover the data without gap or overlap.
///
/// @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
final class SafetensorsHeader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Map<String, Dtype> TYPES = Map.of(
            "F32", Dtype.FLOAT32,
            "BF16", Dtype.BFLOAT16,
            "F16", Dtype.FLOAT16,
            "F64", Dtype.FLOAT64,
            "I64", Dtype.INT64,
            "I32", Dtype.INT32,
            "BOOL", Dtype.BOOL);

    private SafetensorsHeader() {}

    /// The format's name of a type.
    static String nameOf(Dtype dtype) {
        return switch (dtype) {
            case FLOAT32 -> "F32";
            case BFLOAT16 -> "BF16";
            case FLOAT16 -> "F16";
            case FLOAT64 -> "F64";
            case INT64 -> "I64";
            case INT32 -> "I32";
            case BOOL -> "BOOL";
        };
    }

    /// Reads the header `json` of `file`, whose data part has `dataBytes` bytes.
    ///
    /// @throws CheckpointException naming the file, the tensor and the value
    static Map<String, TensorEntry> parse(String file, byte[] json, long dataBytes) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new CheckpointException(
                    "%s: the header is not valid JSON: %s; the file is damaged, download it again"
                            .formatted(file, Shown.of(JsonReason.of(e))),
                    e);
        }
        if (!root.isObject()) {
            throw new CheckpointException(
                    "%s: the header is not a JSON object; the file is damaged, download it again".formatted(file));
        }
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                entries.put(field.getKey(), entry(file, field.getKey(), field.getValue()));
            }
        }
        requireCover(file, entries, dataBytes);
        return entries;
    }

    private static TensorEntry entry(String file, String name, JsonNode node) {
        Dtype dtype = TYPES.get(node.path("dtype").asString(""));
        if (dtype == null) {
            throw broken(file, name, "has dtype %s; Razor reads %s".formatted(Shown.of(node.path("dtype")), known()));
        }
        long[] shape = longs(file, name, "shape", node.path("shape"));
        long[] offsets = longs(file, name, "data_offsets", node.path("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw broken(
                    file,
                    name,
                    "has data_offsets %s; expected [begin, end]".formatted(Shown.of(node.path("data_offsets"))));
        }
        long bytes = dtype.bytes();
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw broken(
                    file, name, "has shape %s, which is more than 2^63 bytes".formatted(Shown.of(node.path("shape"))));
        }
        if (offsets[1] - offsets[0] != bytes) {
            throw broken(
                    file,
                    name,
                    "has %d bytes in the file, but %s%s takes %d"
                            .formatted(offsets[1] - offsets[0], nameOf(dtype), Shown.of(node.path("shape")), bytes));
        }
        return new TensorEntry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] longs(String file, String name, String key, JsonNode node) {
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = node.get(i);
            if (!node.isArray() || !value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
                throw broken(
                        file, name, "has %s %s; expected whole numbers of at least 0".formatted(key, Shown.of(node)));
            }
            values[i] = value.asLong();
        }
        if (!node.isArray()) {
            throw broken(file, name, "has %s %s; expected a list".formatted(key, Shown.of(node)));
        }
        return values;
    }

    private static void requireCover(String file, Map<String, TensorEntry> entries, long dataBytes) {
        List<TensorEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long covered = 0;
        for (TensorEntry entry : sorted) {
            if (entry.end() > dataBytes) {
                throw broken(
                        file,
                        entry.name(),
                        "ends at byte %d, but the file holds %d bytes of data; it was cut short"
                                .formatted(entry.end(), dataBytes));
            }
            if (entry.begin() != covered) {
                throw broken(
                        file,
                        entry.name(),
                        "begins at byte %d, where byte %d was expected: tensors overlap or leave a gap"
                                .formatted(entry.begin(), covered));
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw new CheckpointException(
                    "%s: %d bytes of data, but the header lists %d; the file is damaged, download it again"
                            .formatted(file, dataBytes, covered));
        }
    }

    private static CheckpointException broken(String file, String name, String problem) {
        return new CheckpointException(
                "%s: tensor %s %s; the file is damaged or not one Razor can read, download it again"
                        .formatted(file, Shown.of(name), problem));
    }

    private static String known() {
        return String.join(", ", TYPES.keySet().stream().sorted().toList());
    }
}
