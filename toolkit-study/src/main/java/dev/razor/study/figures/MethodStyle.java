package dev.razor.study.figures;

import dev.razor.study.fit.Fits;
import dev.razor.study.points.Point;
import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The colour and marker of a method; both differ, so that the figures can be read without colour.
///
/// @see <a href="https://jfly.uni-koeln.de/color/">Okabe and Ito, Color Universal Design</a>
public record MethodStyle(Color color, Marker marker) {

    /// The base model: black, which no method has, and a star.
    static final MethodStyle BASE = new MethodStyle(Color.BLACK, Marker.STAR);

    /// What is about all methods together.
    static final MethodStyle ALL = new MethodStyle(new Color(0x666666), Marker.NONE);

    // Okabe and Ito's colours but black; their yellow, faint on white, is darkened, and a grey is the eighth.
    private static final List<Color> COLORS = List.of(
            new Color(0xD55E00),
            new Color(0x0072B2),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0xA89C00),
            new Color(0x8A8A8A));

    // Five and eight have no common divisor: 40 methods until a pair repeats.
    private static final List<Marker> MARKERS =
            List.of(Marker.SQUARE, Marker.CIRCLE, Marker.TRIANGLE, Marker.DIAMOND, Marker.TRIANGLE_DOWN);

    /// One style a method, by the order of `methods`, and those of the base model and of all methods together.
    static Map<String, MethodStyle> of(List<String> methods) {
        Map<String, MethodStyle> styles = new LinkedHashMap<>();
        styles.put(Point.BASE, BASE);
        styles.put(Fits.ALL, ALL);
        for (int i = 0; i < methods.size(); i++) {
            styles.put(methods.get(i), new MethodStyle(COLORS.get(i % COLORS.size()), MARKERS.get(i % MARKERS.size())));
        }
        return styles;
    }
}
