package dev.razor.study.figures;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/// The shape of a marker.
public enum Marker {
    SQUARE,
    CIRCLE,
    TRIANGLE,
    DIAMOND,
    TRIANGLE_DOWN,
    STAR,
    NONE;

    private static final double RADIUS = 4.6;

    /// The shape about the origin; those of one `scale` look equally large.
    Shape shape(double scale) {
        double radius = RADIUS * scale;
        return switch (this) {
            case SQUARE -> new Rectangle2D.Double(-0.88 * radius, -0.88 * radius, 1.76 * radius, 1.76 * radius);
            case CIRCLE -> new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
            case TRIANGLE -> polygon(3, radius * 1.3, -Math.PI / 2);
            case DIAMOND -> polygon(4, radius * 1.25, 0);
            case TRIANGLE_DOWN -> polygon(3, radius * 1.3, Math.PI / 2);
            case STAR -> star(RADIUS * 1.63);
            case NONE -> new Rectangle2D.Double(0, 0, 0, 0);
        };
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
