package dev.razor.study.report;

import dev.razor.study.figures.Figures;
import dev.razor.study.fit.FitsJson;
import dev.razor.study.points.AtomicFile;
import java.nio.file.Path;
import java.util.List;

/// Writes what a study ends in: `fits.json`, `figures/` and `report.html`.
///
/// A run directory needs `points.csv` and `study.json` for it and nothing else, so that the report can be made
/// again anywhere, and after a row of `points.csv` was taken out by hand. Where they are there, it also shows
/// `state/`, `measurements/` and what lies in `runs/`: completions and maps of KL.
public final class Report {

    private Report() {}

    /// Fits, draws and reports what lies in `runDirectory`, replacing what was there; the page it wrote.
    public static Path rebuild(Path runDirectory) {
        return write(runDirectory, ReportData.read(runDirectory));
    }

    /// Writes the fits, the figures and the page of `data`; the page it wrote.
    static Path write(Path runDirectory, ReportData data) {
        FitsJson.write(runDirectory.resolve("fits.json"), data.fits(), data.points());
        List<Figures.Drawn> figures =
                Figures.draw(Figures.of(data.points(), data.fits(), data.study().scatters()));
        Figures.write(runDirectory, figures);
        Path page = runDirectory.resolve("report.html");
        AtomicFile.write(page, Page.of(data, figures, ""));
        return page;
    }
}
