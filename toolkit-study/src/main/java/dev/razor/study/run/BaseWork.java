package dev.razor.study.run;

import dev.razor.core.base.UserException;
import dev.razor.core.run.Progress;
import dev.razor.study.work.Unit;
import java.io.IOException;
import java.nio.file.Files;

/// Measures the base model and draws the samples on which divergences from it are measured.
///
/// @param inputs digest of what the measurement follows from
record BaseWork(StudyConfig study, StudyPlaces places, String inputs) implements Unit.Work {

    @Override
    public void run(Progress progress) {
        try (Meters meters = new Meters(study, places)) {
            if (!Files.exists(places.baseSamples())) {
                new SamplesFile(study, places, places.baseSamples()).draw(meters.base(), progress);
            }
            progress.update("measuring", 0, 1, "");
            if (Measurement.read(places.baseMeasurement(), inputs).isEmpty()) {
                meters.ofBase(progress).write(places.baseMeasurement(), inputs);
            }
            progress.update("measuring", 1, 1, "");
        }
    }

    @Override
    public boolean present() {
        try {
            return Files.exists(places.baseSamples())
                    && Measurement.read(places.baseMeasurement(), inputs).isPresent();
        } catch (UserException _) {
            return false; // a torn file, which the attempt names
        }
    }

    @Override
    public void discard() throws IOException {
        Files.deleteIfExists(places.baseSamples());
        Files.deleteIfExists(places.baseMeasurement());
    }
}
