package dev.razor.study.figures;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A scatter plot with curves, as values: both the picture files and the page's interactive figures are drawn
/// from it. What stands later in the list is drawn above what stands before.
///
/// What belongs together, a method's markers and its curves, has one group; so it has one style, and can be
/// hidden together.
///
/// @param styles the groups' colours and markers
/// @param keys the lines of the legend
public record Plot(Axis x, Axis y, Map<String, MethodStyle> styles, List<Layer> layers, List<Key> keys) {

    public Plot {
        styles = Collections.unmodifiableMap(new LinkedHashMap<>(styles));
        layers = List.copyOf(layers);
        keys = List.copyOf(keys);
    }

    /// Something drawn.
    public sealed interface Layer {

        /// What it belongs to.
        String group();

        /// Where its corners, bends or markers are.
        List<Place> places();
    }

    /// A marker at each place.
    public record Markers(String group, List<Place> places) implements Layer {}

    /// A line through the places.
    public record Curve(String group, List<Place> places, boolean isDashed) implements Layer {}

    /// The area within the closed line through the places, in a shade of the group's colour.
    public record Area(String group, List<Place> places) implements Layer {}

    /// A line of the legend.
    public record Key(String group, String label, Line line) {}

    /// The line that stands behind the marker in the legend.
    public enum Line {
        NONE,
        SOLID,
        DASHED
    }

    /// How many markers there are.
    int markers() {
        return layers.stream()
                .mapToInt(layer ->
                        layer instanceof Markers markers ? markers.places().size() : 0)
                .sum();
    }
}
