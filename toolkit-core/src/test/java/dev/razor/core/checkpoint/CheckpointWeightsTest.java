package dev.razor.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.razor.core.base.CheckpointException;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointWeightsTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFile() {
        byte[] data = SafetensorsBytes.floats(1, 2, 3, 4, 5);
        // "half" is the upper half of a float32 1.0, "count" an integer, "odd" a float32 at an odd address.
        byte[] all = new byte[37];
        System.arraycopy(data, 0, all, 0, 20);
        all[20] = (byte) 0x80;
        all[21] = 0x3F;
        all[22] = 7;
        System.arraycopy(SafetensorsBytes.floats(6), 0, all, 33, 4);
        all[32] = 1;
        String json = """
                {"model.layer.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
                 "model.layer.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},
                 "half":{"dtype":"BF16","shape":[1],"data_offsets":[20,22]},
                 "count":{"dtype":"I64","shape":[1],"data_offsets":[22,30]},
                 "two":{"dtype":"BF16","shape":[1],"data_offsets":[30,32]},
                 "flag":{"dtype":"BOOL","shape":[1],"data_offsets":[32,33]},
                 "odd":{"dtype":"F32","shape":[1],"data_offsets":[33,37]}}""";
        SafetensorsBytes.write(directory.resolve(Checkpoint.SINGLE), SafetensorsBytes.of(json, all));
    }

    private static String problem(CheckpointWeights weights, String name, long... shape) {
        CheckpointException e = catchThrowableOfType(CheckpointException.class, () -> weights.tensor(name, shape));
        assertThat(e.problems()).hasSize(1);
        return e.problems().getFirst();
    }

    @Test
    void tensor_refusesWhatTheModelCannotUse_namingTensorAndValues() {
        try (NDManager manager = Tensors.newManager("cpu");
                Checkpoint checkpoint = Checkpoint.open(directory)) {
            var weights = new CheckpointWeights(manager, checkpoint, Dtype.FLOAT32, false);
            assertThat(problem(weights, "model.layer.weight", 4, 1))
                    .contains(directory.toString(), "model.layer.weight has shape [2, 2]", "asks for [4, 1]");
            assertThat(problem(weights, "model.layer.weight", 4)).contains("has shape [2, 2]");
            assertThat(problem(weights, "count", 1)).contains("tensor count has type I64", "download");
            assertThat(problem(weights, "flag", 1)).contains("tensor flag has type BOOL");
            assertThat(problem(weights, "absent", 1)).contains("no tensor absent");
        }
    }

    @Test
    void tensor_whenFrozenAndOfTheRightType_isTheMappedFile_elseACopy() {
        try (NDManager manager = Tensors.newManager("cpu");
                NDScope _ = new NDScope();
                Checkpoint checkpoint = Checkpoint.open(directory)) {
            var frozen = new CheckpointWeights(manager, checkpoint, Dtype.FLOAT32, false);
            NDArray first = frozen.at("model").at("layer").tensor("weight", 2, 2);
            NDArray again = frozen.tensor("model.layer.weight", 2, 2);
            assertThat(first.toFloatArray()).containsExactly(1, 2, 3, 4);
            assertThat(Tensors.memory(first).address())
                    .as("one mapping")
                    .isEqualTo(Tensors.memory(again).address());
            NDArray converted = frozen.tensor("half", 1);
            assertThat(Tensors.dtype(converted)).isEqualTo(Dtype.FLOAT32);
            assertThat(converted.toFloatArray()).containsExactly(1);
            assertThat(frozen.tensor("odd", 1).toFloatArray()).containsExactly(6);

            var trainable = new CheckpointWeights(manager, checkpoint, Dtype.FLOAT32, true);
            NDArray copy = trainable.tensor("model.layer.weight", 2, 2);
            assertThat(copy.hasGradient()).isTrue();
            assertThat(Tensors.memory(copy).address())
                    .isNotEqualTo(Tensors.memory(first).address());
            Aten.zeroInPlace(Aten.detach(copy));
            assertThat(first.toFloatArray()).as("the file is untouched").containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void unused_namesWhatNobodyAskedFor_sorted() {
        try (NDManager manager = Tensors.newManager("cpu");
                Checkpoint checkpoint = Checkpoint.open(directory)) {
            var weights = new CheckpointWeights(manager, checkpoint, Dtype.FLOAT32, false);
            weights.at("model").at("layer").tensor("weight", 2, 2);
            weights.tensor("half", 1);
            assertThat(weights.unused()).containsExactly("count", "flag", "model.layer.bias", "odd", "two");
            assertThat(weights.loaded().keySet()).containsExactly("model.layer.weight", "half");
        }
    }
}
