package dev.razor.study.report;

import dev.razor.eval.kl.KlMap;
import dev.razor.eval.kl.KlMapPage;
import dev.razor.study.points.Point;
import dev.razor.study.points.Points;
import java.util.ArrayList;
import java.util.List;

/// The runs' maps of KL by token ([KlMapJson]) as a part of the page, a fold a run.
final class KlMaps {

    private static final int TEXTS = 6;
    private static final int TOKENS = 400;

    /// What all maps of a page may weigh, in characters.
    private static final int WEIGHT = 1_000_000;

    private KlMaps() {}

    /// Empty where no run has a map.
    static String html(ReportData data) {
        List<String> maps = new ArrayList<>();
        int weight = 0;
        int leftOut = 0;
        for (Point point : Points.last(data.points())) {
            KlMap map = KlMapJson.read(
                    data.directory().resolve("runs").resolve(point.run()).resolve(KlMapJson.FILE));
            if (map == null || map.texts().isEmpty()) {
                continue;
            }
            String texts = KlMapPage.texts(shortened(map));
            weight += texts.length();
            if (weight > WEIGHT) {
                leftOut++;
                continue;
            }
            maps.add("<details class=\"inner\">\n<summary><h3>%s</h3></summary>\n%s</details>\n"
                    .formatted(Html.escape(point.run()), texts));
        }
        if (maps.isEmpty()) {
            return "";
        }
        return KlMapPage.legend()
                + String.join("", maps)
                + (leftOut == 0 ? "" : "<p>%d more runs have a map: runs/*/kl_map.json.</p>\n".formatted(leftOut));
    }

    private static KlMap shortened(KlMap map) {
        return new KlMap(map.texts().stream()
                .limit(TEXTS)
                .map(text -> new KlMap.Text(
                        text.id(),
                        text.tokens().subList(0, Math.min(TOKENS, text.tokens().size()))))
                .toList());
    }
}
