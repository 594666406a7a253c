package dev.razor.core.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.checkpoint.SafetensorsFile;
import dev.razor.core.checkpoint.SafetensorsWriter;
import dev.razor.core.optim.Updater;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a checkpoint holds beside the model, in its folder `training_state`, so that the run can go on from it
/// bit for bit: `optimizer.safetensors` (weights in float32, moments; see [dev.razor.core.optim.AdamW#state])
/// and `state.json` (the step, the run's identity, what the trainer remembers, and length and CRC-32C of every
/// file of the checkpoint). The data's order and all random numbers follow from the seed and the step.
///
/// @param step the step after which it was written
/// @param optimizerSteps updates made
/// @param trainer what the trainer remembers
record TrainingState(int step, int optimizerSteps, ObjectNode trainer) {

    static final String FOLDER = "training_state";

    private static final String SEAL = "state.json";
    private static final String TENSORS = "optimizer.safetensors";
    private static final int FORMAT = 1;
    private static final int BUFFER = 1 << 22;
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Why a checkpoint cannot be gone on from.
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason);
        }
    }

    /// Writes the state into `checkpoint`, a directory whose other files are there already.
    void write(Path checkpoint, Updater updater, RunIdentity identity) throws IOException {
        Path folder = Files.createDirectory(checkpoint.resolve(FOLDER));
        SequencedMap<String, NDArray> tensors = updater.state();
        SafetensorsWriter.write(
                folder.resolve(TENSORS), tensors, name -> Tensors.dtype(Objects.requireNonNull(tensors.get(name))));
        ObjectNode seal = JSON.createObjectNode();
        seal.put("format", FORMAT).put("step", step).put("optimizer_steps", optimizerSteps);
        seal.setAll(identity.toJson());
        seal.set("trainer", trainer);
        ObjectNode files = seal.putObject("files");
        for (String name : names(checkpoint)) {
            Path file = checkpoint.resolve(name);
            files.putObject(name).put("bytes", Files.size(file)).put("crc32c", checksum(file));
        }
        Files.writeString(
                folder.resolve(SEAL), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(seal) + "\n");
    }

    /// Reads the state in `checkpoint` into `updater`.
    ///
    /// @throws Refused if it is torn or of another run; nothing has been changed then
    static TrainingState restore(Path checkpoint, Updater updater, RunIdentity identity) throws Refused {
        JsonNode seal = seal(checkpoint);
        if (seal.path("format").asInt(0) != FORMAT) {
            throw new Refused("its %s has format %s, this Razor reads %d".formatted(SEAL, seal.path("format"), FORMAT));
        }
        List<String> differences = identity.differences(seal);
        if (!differences.isEmpty()) {
            throw new Refused("it is of another run: " + String.join("; ", differences));
        }
        requireWhole(checkpoint, seal.path("files"));
        TrainingState state = new TrainingState(
                seal.path("step").asInt(), seal.path("optimizer_steps").asInt(), (ObjectNode) seal.path("trainer"));
        try (SafetensorsFile tensors =
                        SafetensorsFile.open(checkpoint.resolve(FOLDER).resolve(TENSORS));
                NDManager cpu = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            requireSameTensors(tensors, updater.state());
            updater.restore(state.optimizerSteps, (name, _) -> tensors.view(cpu, name));
        } catch (CheckpointException e) {
            throw new Refused(String.join("; ", e.problems()));
        }
        return state;
    }

    /// Takes the state out of `checkpoint`, which stays a model.
    static void delete(Path checkpoint) throws IOException {
        Path folder = checkpoint.resolve(FOLDER);
        Files.deleteIfExists(folder.resolve(SEAL)); // first: what is left is no state
        Files.deleteIfExists(folder.resolve(TENSORS));
        Files.deleteIfExists(folder);
    }

    private static JsonNode seal(Path checkpoint) throws Refused {
        Path file = checkpoint.resolve(FOLDER).resolve(SEAL);
        if (!Files.exists(file)) {
            throw new Refused("it holds no %s/%s".formatted(FOLDER, SEAL));
        }
        try {
            JsonNode seal = JSON.readTree(file.toFile());
            if (seal.path("files").isObject()
                    && seal.path("trainer").isObject()
                    && seal.path("step").isInt()) {
                return seal;
            }
        } catch (JacksonException e) {
            throw new Refused("its %s is not valid JSON".formatted(SEAL));
        }
        throw new Refused("its %s is not complete".formatted(SEAL));
    }

    private static void requireWhole(Path checkpoint, JsonNode files) throws Refused {
        for (Map.Entry<String, JsonNode> entry : files.properties()) {
            Path file = checkpoint.resolve(entry.getKey());
            try {
                if (!Files.exists(file)) {
                    throw new Refused("its file %s is missing".formatted(entry.getKey()));
                }
                long bytes = entry.getValue().path("bytes").asLong();
                if (Files.size(file) != bytes) {
                    throw new Refused(
                            "its file %s has %d bytes, not %d".formatted(entry.getKey(), Files.size(file), bytes));
                }
                if (!checksum(file).equals(entry.getValue().path("crc32c").asString(""))) {
                    throw new Refused("the bytes of its file %s have changed".formatted(entry.getKey()));
                }
            } catch (IOException e) {
                throw new Refused("its file %s cannot be read: %s".formatted(entry.getKey(), e.getMessage()));
            }
        }
    }

    private static void requireSameTensors(SafetensorsFile stored, Map<String, NDArray> own) throws Refused {
        if (!stored.names().equals(own.keySet())) {
            throw new Refused("its %s is of another model".formatted(TENSORS));
        }
        for (Map.Entry<String, NDArray> tensor : own.entrySet()) {
            long[] shape = tensor.getValue().getShape().getShape();
            Dtype type = Tensors.dtype(tensor.getValue());
            if (!Arrays.equals(stored.shape(tensor.getKey()), shape) || stored.dtype(tensor.getKey()) != type) {
                throw new Refused("%s in its %s is %s%s, not %s"
                        .formatted(
                                tensor.getKey(),
                                TENSORS,
                                stored.dtype(tensor.getKey()),
                                Arrays.toString(stored.shape(tensor.getKey())),
                                Tensors.describe(tensor.getValue())));
            }
        }
    }

    /// The files of a checkpoint but for the seal, by their place in it.
    private static List<String> names(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoint)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> checkpoint.relativize(file).toString())
                    .filter(name -> !name.equals(FOLDER + "/" + SEAL))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String checksum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                sum.update(buffer.flip());
                buffer.clear();
            }
        }
        return "%08x".formatted(sum.getValue());
    }
}
