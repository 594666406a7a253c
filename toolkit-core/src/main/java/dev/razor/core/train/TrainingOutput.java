package dev.razor.core.train;

import dev.razor.core.config.ConfigWriter;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.run.MetricsWriter;
import dev.razor.core.run.OutputDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory of a training run: `config.yaml` with every default written out, `metrics.jsonl` with a line a
/// step,
/// `checkpoints/step-N/` and, once the run has ended well, `final/`, all of them Hugging Face directories.
public final class TrainingOutput implements AutoCloseable {

    private final Path directory;
    private final MetricsWriter metrics;

    private TrainingOutput(Path directory, MetricsWriter metrics) {
        this.directory = directory;
        this.metrics = metrics;
    }

    /// Starts the run's directory, which must be new or empty.
    ///
    /// @param config the run's whole configuration
    public static TrainingOutput create(Path directory, Record config) {
        OutputDirectory.create(directory);
        OutputDirectory.publish(
                directory.resolve("config.yaml"), path -> Files.writeString(path, ConfigWriter.toYaml(config)));
        return new TrainingOutput(directory, MetricsWriter.create(directory.resolve("metrics.jsonl")));
    }

    /// Where the checkpoint of step `step` lies in the run's directory.
    public static Path checkpoint(Path directory, int step) {
        return directory.resolve("checkpoints").resolve("step-" + step);
    }

    /// Where the final model lies in the run's directory.
    public static Path finalModel(Path directory) {
        return directory.resolve("final");
    }

    /// Writes one line of metrics.
    public void log(SequencedMap<String, ? extends @Nullable Object> values) {
        metrics.write(values);
    }

    /// Publishes the model as it is after step `step`, and deletes the oldest checkpoints beyond `keep`.
    public void checkpoint(int step, PretrainedModel model, @Nullable Integer keep) {
        model.export(checkpoint(directory, step));
        if (keep != null) {
            List<Path> all = checkpoints();
            all.subList(0, Math.max(0, all.size() - keep)).forEach(OutputDirectory::delete);
        }
    }

    /// Publishes the model as the run's result.
    public void finish(PretrainedModel model) {
        model.export(finalModel(directory));
    }

    private List<Path> checkpoints() {
        try (Stream<Path> entries = Files.list(directory.resolve("checkpoints"))) {
            return entries.filter(path -> path.getFileName().toString().matches("step-\\d+"))
                    .sorted(Comparator.comparingInt(path ->
                            Integer.parseInt(path.getFileName().toString().substring("step-".length()))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        metrics.close();
    }
}
