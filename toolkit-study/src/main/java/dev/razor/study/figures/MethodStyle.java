package dev.razor.study.figures;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The colour and marker of a method; both differ, so that the figures can be read without colour.
///
/// @see <a href="https://jfly.uni-koeln.de/color/">Okabe and Ito, Color Universal Design</a>
record MethodStyle(Color color, Shape marker) {

    /// The base model: black, which no method has, and a star.
    static final MethodStyle BASE = new MethodStyle(Color.BLACK, star(7.5));

    private static final double RADIUS = 4.6;

    // Okabe and Ito's colours but black; yellow, faint on white, comes last.
    private static final List<Color> COLORS = List.of(
            new Color(0xD55E00),
            new Color(0x0072B2),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0xE69F00),
            new Color(0x56B4E9),
            new Color(0xF0E442));

    // Five and seven have no common divisor: 35 methods until a pair repeats.
    private static final List<Shape> MARKERS = List.of(
            square(RADIUS * 0.88),
            new Ellipse2D.Double(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS),
            polygon(3, RADIUS * 1.3, -Math.PI / 2),
            polygon(4, RADIUS * 1.25, 0),
            polygon(3, RADIUS * 1.3, Math.PI / 2));

    /// One style a method, by the order of `methods`.
    static Map<String, MethodStyle> of(List<String> methods) {
        Map<String, MethodStyle> styles = new LinkedHashMap<>();
        for (String method : methods) {
            int i = styles.size();
            styles.put(method, new MethodStyle(COLORS.get(i % COLORS.size()), MARKERS.get(i % MARKERS.size())));
        }
        return styles;
    }

    private static Shape square(double half) {
        return new Rectangle2D.Double(-half, -half, 2 * half, 2 * half);
    }

    private static Shape polygon(int corners, double radius, double start) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners; i++) {
            double angle = start + 2 * Math.PI * i / corners;
            corner(path, i, radius * Math.cos(angle), radius * Math.sin(angle));
        }
        path.closePath();
        return path;
    }

    private static Shape star(double radius) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < 10; i++) {
            double r = i % 2 == 0 ? radius : radius * 0.42;
            corner(path, i, r * Math.sin(Math.PI * i / 5), -r * Math.cos(Math.PI * i / 5));
        }
        path.closePath();
        return path;
    }

    private static void corner(Path2D path, int index, double x, double y) {
        if (index == 0) {
            path.moveTo(x, y);
        } else {
            path.lineTo(x, y);
        }
    }
}
