package dev.razor.core.train;

import dev.razor.core.base.ConfigException;
import dev.razor.core.config.ConfigWriter;
import dev.razor.core.optim.Updater;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.DirectoryLock;
import dev.razor.core.run.EventFile;
import dev.razor.core.run.MetricsWriter;
import dev.razor.core.run.OutputDirectory;
import dev.razor.core.run.Provenance;
import dev.razor.core.tensor.Tensors;
import dev.razor.core.train.TrainingState.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The directory of a training run: `config.yaml` with every default written out, `metrics.jsonl` with a line a
/// step, `checkpoints/step-N/` and, once the run has ended well, `final/`, all of them Hugging Face directories.
///
/// The newest checkpoints also hold what a killed run needs to go on ([TrainingState]).
public final class TrainingOutput implements AutoCloseable {

    /// Checkpoints that keep their training state: the newest, and the one before, should the newest be torn.
    private static final int RESUMABLE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(TrainingOutput.class);
    private static final String CONFIG = "config.yaml";
    private static final String METRICS = "metrics.jsonl";

    private final Path directory;
    private final RunIdentity identity;
    private final TrainingArguments arguments;
    private final DirectoryLock lock;
    private final Provenance provenance = Provenance.capture(Tensors.libtorchVersion(), List.of(), Instant.now());
    private @Nullable MetricsWriter metrics;
    private @Nullable EventFile events;

    private TrainingOutput(Path directory, RunIdentity identity, TrainingArguments arguments, DirectoryLock lock) {
        this.directory = directory;
        this.identity = identity;
        this.arguments = arguments;
        this.lock = lock;
    }

    /// What a run begins with.
    ///
    /// @param step the last step made; 0 for a new run
    /// @param trainer what the trainer wrote down at that step; empty for a new run
    public record Start(int step, ObjectNode trainer) {}

    /// Opens the run's directory, which must be new or empty, or with `resume` may hold a part of this very run.
    ///
    /// @throws ConfigException if it holds something else, or another process is writing to it
    public static TrainingOutput open(
            Path directory, RunIdentity identity, TrainingArguments arguments, boolean resume) {
        boolean begun = Files.exists(directory.resolve(CONFIG));
        if (begun && !resume) {
            throw new ConfigException(
                    "output: %s exists and is not empty; go on with that run by --resume, choose another, or delete it"
                            .formatted(directory));
        }
        if (begun) {
            requireSameConfig(directory, identity);
        } else {
            if (resume) {
                DirectoryLock.removeFrom(directory);
                OutputDirectory.deleteUnpublished(directory);
            }
            OutputDirectory.create(directory);
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        boolean opened = false;
        try {
            if (begun) {
                OutputDirectory.deleteUnpublished(directory);
                OutputDirectory.deleteUnpublished(directory.resolve("checkpoints"));
            } else {
                OutputDirectory.publish(
                        directory.resolve(CONFIG),
                        path -> Files.writeString(path, ConfigWriter.toYaml(identity.config())));
            }
            opened = true;
            return new TrainingOutput(directory, identity, arguments, lock);
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    private static void requireSameConfig(Path directory, RunIdentity identity) {
        JsonNode stored = YAMLMapper.shared().readTree(directory.resolve(CONFIG).toFile());
        List<String> differences = identity.configDifferences(stored);
        if (!differences.isEmpty()) {
            throw new ConfigException(
                    "output: %s is of another run (%s); resume with its own settings, or choose another directory"
                            .formatted(directory, String.join("; ", differences)));
        }
    }

    /// Where the checkpoint of step `step` lies in the run's directory.
    public static Path checkpoint(Path directory, int step) {
        return directory.resolve("checkpoints").resolve("step-" + step);
    }

    /// Where the final model lies in the run's directory.
    public static Path finalModel(Path directory) {
        return directory.resolve("final");
    }

    /// The run's directory.
    public Path directory() {
        return directory;
    }

    /// Whether the run has ended well already.
    public boolean finished() {
        return Files.exists(finalModel(directory));
    }

    /// Brings `updater` and the metrics to the newest whole checkpoint of this run, or to the beginning where
    /// there is none. A torn or foreign checkpoint is passed over with a warning and renamed, and the one
    /// before it is used.
    ///
    /// @throws ConfigException if there are checkpoints and all of them are refused, with each one's fault; all
    ///     stay as they are
    public Start start(Updater updater) {
        List<Path> checkpoints = checkpoints();
        List<String> refusals = new ArrayList<>();
        for (Path checkpoint : checkpoints.reversed()) {
            try {
                TrainingState state = TrainingState.restore(checkpoint, updater, identity);
                refusals.forEach(refusal -> LOG.warn("{}; it is not gone on from", refusal));
                setAside(checkpoints, state.step());
                openMetrics(state.step());
                return new Start(state.step(), state.trainer());
            } catch (Refused e) {
                refusals.add("%s: %s".formatted(checkpoint, e.getMessage()));
            }
        }
        if (!refusals.isEmpty()) {
            refusals.add("output: %s: no checkpoint can be gone on from; start again in another directory"
                    .formatted(directory));
            throw new ConfigException(refusals);
        }
        openMetrics(0);
        return new Start(0, JsonMapper.shared().createObjectNode());
    }

    private void openMetrics(int step) {
        metrics = MetricsWriter.resume(directory.resolve(METRICS), step);
        if (arguments.reportTo().equals("tensorboard")) {
            Path folder = directory.resolve("tensorboard");
            events = step == 0 && !Files.exists(folder) ? EventFile.create(folder) : EventFile.resume(folder, step);
        }
    }

    /// Renames the checkpoints beyond `step`, which the run will write again.
    private static void setAside(List<Path> checkpoints, int step) {
        for (Path checkpoint : checkpoints) {
            if (step(checkpoint) > step) {
                Path aside = checkpoint.resolveSibling(checkpoint.getFileName() + ".refused");
                try {
                    OutputDirectory.delete(aside);
                    Files.move(checkpoint, aside);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// Cuts `file`, with a line of JSON an event and a `step` in each, back to `step`, and goes on writing it.
    public MetricsWriter continued(String file, int step) {
        return MetricsWriter.resume(directory.resolve(file), step);
    }

    /// Writes one line of metrics.
    public void log(SequencedMap<String, ? extends @Nullable Object> values) {
        metrics().write(values);
        if (events != null) {
            events.write((int) Objects.requireNonNull(values.get("step")), values);
        }
    }

    private MetricsWriter metrics() {
        if (metrics == null) {
            throw new IllegalStateException("start was not called");
        }
        return metrics;
    }

    /// Publishes the model as it is after step `step`, with what the run needs to go on from there, and deletes
    /// the oldest checkpoints beyond `save_total_limit`.
    ///
    /// @param trainer what the trainer needs to remember
    public void checkpoint(int step, PretrainedModel model, Updater updater, ObjectNode trainer) {
        export(
                checkpoint(directory, step),
                step,
                model,
                checkpoint -> new TrainingState(step, updater.steps(), trainer).write(checkpoint, updater, identity));
        List<Path> all = checkpoints();
        try {
            for (Path old : all.subList(0, Math.max(0, all.size() - RESUMABLE))) {
                TrainingState.delete(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Integer keep = arguments.saveTotalLimit();
        if (keep != null) {
            all.subList(0, Math.max(0, all.size() - keep)).forEach(OutputDirectory::delete);
        }
    }

    /// Publishes the model as the run's result after its last step.
    public void finish(int step, PretrainedModel model) {
        export(finalModel(directory), step, model, _ -> {});
    }

    private void export(Path target, int step, PretrainedModel model, OutputDirectory.Writer more) {
        metrics().force();
        model.export(target, arguments.maxShardBytes(), folder -> {
            identity.card(step, model.adapter() != null, provenance).write(folder);
            more.write(folder);
        });
    }

    private List<Path> checkpoints() {
        Path folder = directory.resolve("checkpoints");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.getFileName().toString().matches("step-\\d{1,9}"))
                    .sorted(Comparator.comparingInt(TrainingOutput::step))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("step-".length()));
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        if (events != null) {
            events.close();
        }
        lock.close();
    }
}
