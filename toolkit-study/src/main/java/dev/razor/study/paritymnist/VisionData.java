package dev.razor.study.paritymnist;

import ai.djl.ndarray.NDManager;
import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.config.ConfigLoader;
import dev.razor.core.lock.ModelCache;
import dev.razor.core.random.Draws;
import dev.razor.core.run.Sha256;
import dev.razor.study.paritymnist.Images.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The images of both tasks.
///
/// @param newTrain all that a method learns from
/// @param oldTrain what the base alone learns from, with as many of `newTrain`
record VisionData(Images newTrain, Images newTest, Images oldTrain, Images oldTest) {

    /// Names the choice of the base's images among all other draws.
    private static final long CHOICE = 0x4348_4f49_4345L;

    /// The folder that a study reads: the one it names, else the cache that `razor models fetch` fills.
    static Path folder(ParityConfig study, Path studyFile) {
        Path data = study.data();
        return data == null
                ? ModelCache.at(null).directory()
                : ConfigLoader.beside(studyFile, data).normalize();
    }

    /// The files that are read, by their place in `data`.
    private static List<Path> files(Path data) {
        List<Path> files = new ArrayList<>();
        for (Task task : Task.values()) {
            for (String set : List.of("train", "t10k")) {
                files.add(task.file(data, set, "images-idx3"));
                files.add(task.file(data, set, "labels-idx1"));
            }
        }
        return files;
    }

    /// The digest of each file.
    ///
    /// @throws DataException with a line for every file that is not there
    static Map<String, String> digests(Path data) {
        List<String> missing = missing(data);
        if (!missing.isEmpty()) {
            throw new DataException(missing);
        }
        Map<String, String> digests = new LinkedHashMap<>();
        for (Path file : files(data)) {
            digests.put(data.relativize(file).toString().replace('\\', '/'), Sha256.ofFile(file));
        }
        return digests;
    }

    /// A line for every file that is not there.
    static List<String> missing(Path data) {
        return files(data).stream()
                .filter(file -> !Files.exists(file))
                .map(
                        "%s: there is no such file; --set data=DIR must name a folder with mnist/ and fashion-mnist/"
                                ::formatted)
                .toList();
    }

    static VisionData read(NDManager manager, Path data, @Nullable Integer trainLimit, @Nullable Integer testLimit) {
        Images newTrain = Images.read(manager, data, Task.NEW, "train");
        Images newTest = Images.read(manager, data, Task.NEW, "t10k");
        Images oldTrain = Images.read(manager, data, Task.OLD, "train");
        Images oldTest = Images.read(manager, data, Task.OLD, "t10k");
        return new VisionData(
                trainLimit == null ? newTrain : newTrain.first(trainLimit),
                testLimit == null ? newTest : newTest.first(testLimit),
                oldTrain,
                oldTest);
    }

    /// Trains a base on `settings.examples()` images of each task together; a digit's label is drawn anew at
    /// every access among those of its parity.
    Parameters pretrain(NDManager manager, List<Integer> sizes, ParityConfig.Pretraining settings, long seed) {
        try (NDManager own = manager.newSubManager()) {
            Images digits = chosen(own, newTrain, "new", settings, seed);
            Images clothes = chosen(own, oldTrain, "old", settings, seed);
            Images both = digits.and(clothes);
            both.inputs().attach(own);
            double[] targets = new double[both.size() * Images.CLASSES];
            for (int row = 0; row < both.size(); row++) {
                for (int y = 0; y < Images.CLASSES; y++) {
                    boolean digit = row < digits.size();
                    int label = both.labels()[row];
                    targets[row * Images.CLASSES + y] =
                            digit ? (Images.sameParity(label, y) ? 0.2 : 0) : (label == y ? 1 : 0);
                }
            }
            Parameters parameters = Parameters.initial(manager, sizes, seed);
            Training training = new Training(
                    both.size(),
                    settings.batchSize(),
                    settings.numTrainEpochs(),
                    settings.learningRate(),
                    settings.lrSchedulerType(),
                    settings.warmupRatio(),
                    seed);
            training.run(
                    training.steps(),
                    parameters,
                    both.inputs(),
                    new Objective.Supervised(targets, true),
                    LogitLoss.PLAIN,
                    (_, _) -> {});
            return parameters;
        }
    }

    private static Images chosen(
            NDManager manager, Images from, String name, ParityConfig.Pretraining settings, long seed) {
        if (settings.examples() > from.size()) {
            throw new ConfigException("pretraining.examples: %d asked for, the %s task has %d training images; lower it"
                    .formatted(settings.examples(), name, from.size()));
        }
        int[] order = Draws.permutation(from.size(), seed, CHOICE, name.equals("new") ? 0 : 1);
        return from.take(manager, Arrays.copyOf(order, settings.examples()));
    }
}
