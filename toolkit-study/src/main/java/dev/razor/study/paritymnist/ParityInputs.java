package dev.razor.study.paritymnist;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.run.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What each unit of a study follows from, as a digest: its own settings and the files that it reads.
///
/// @param digests of the files of images
record ParityInputs(ParityConfig study, Map<String, String> digests, List<GridRun> runs) {

    /// A change of what the same settings give changes it.
    private static final int VERSION = 1;

    String ofBase(long seed) {
        ObjectNode inputs = ConfigWriter.toNode(study.pretraining());
        inputs.put("version", VERSION)
                .put("seed", seed)
                .put("hidden_sizes", study.hiddenSizes().toString())
                .put("max_train_examples", study.maxTrainExamples())
                .put("max_test_examples", study.maxTestExamples());
        digests.forEach(inputs::put);
        return Sha256.ofText(inputs.toString());
    }

    String of(GridRun run) {
        ObjectNode inputs = ConfigWriter.toNode(run.method());
        inputs.put("base", ofBase(run.seed()))
                .put("learning_rate", run.learningRate())
                .put("scheduler", run.scheduler().name())
                .put("epochs", run.epochs())
                .put("warmup_ratio", study.warmupRatio())
                .put("batch_size", study.batchSize())
                .put("measure_every_epochs", study.measureEveryEpochs())
                .put("keeps_weights", keepsWeights(run));
        run.teacher().ifPresent(teacher -> inputs.put("teacher", of(teacher)));
        return Sha256.ofText(inputs.toString());
    }

    /// Of the unit that watches the first steps of `run`.
    String ofSteps(GridRun run) {
        return Sha256.ofText(of(run) + " steps " + study.dynamics().steps());
    }

    /// Whether another run learns from this one.
    boolean keepsWeights(GridRun run) {
        return runs.stream().anyMatch(other -> other.teacher().equals(Optional.of(run)));
    }
}
