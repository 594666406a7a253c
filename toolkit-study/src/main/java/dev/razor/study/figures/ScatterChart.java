package dev.razor.study.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.block.ColumnArrangement;
import org.jfree.chart.block.FlowArrangement;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.VerticalAlignment;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/// A [Plot] as a JFreeChart, for pictures. The legend stands below the plot, where it covers nothing.
final class ScatterChart {

    private static final Stroke SOLID = new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final Stroke DASHED =
            new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {7, 5}, 0);
    private static final Color GRID = new Color(0xE3E3E3);
    private static final Stroke HAIRLINE = new BasicStroke(0.75f);
    private static final Line2D LEGEND_LINE = new Line2D.Double(-15, 0, 15, 0);
    private static final Line2D NO_LINE = new Line2D.Double(0, 0, 0, 0);
    private static final int SHADE = 34;

    /// With more markers than this, smaller ones show more.
    private static final int MANY = 400;

    private static final double SMALL = 0.62;

    private final String title;
    private final Plot source;
    private final double markerScale;
    private final XYPlot plot;
    private final LegendItemCollection legend = new LegendItemCollection();

    private ScatterChart(String title, Plot source) {
        this.title = title;
        this.source = source;
        this.markerScale = source.markers() > MANY ? SMALL : 1;
        this.plot = new XYPlot(null, Axes.draw(source.x()), Axes.draw(source.y()), null);
    }

    /// The chart of `plot`.
    static JFreeChart of(String title, Plot plot) {
        return new ScatterChart(title, plot).chart();
    }

    private MethodStyle style(String group) {
        return source.styles().getOrDefault(group, MethodStyle.ALL);
    }

    private void curve(List<Place> places, Color color, Stroke stroke) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setSeriesPaint(0, color);
        renderer.setSeriesStroke(0, stroke);
        // one path, so that dashes run on across the sampled places
        renderer.setDrawSeriesLineAsPath(true);
        add(places, renderer);
    }

    private void area(List<Place> places, Color color) {
        if (places.isEmpty()) {
            return;
        }
        double[] corners = places.stream()
                .flatMapToDouble(place -> DoubleStream.of(place.x(), place.y()))
                .toArray();
        Color shade = new Color(color.getRed(), color.getGreen(), color.getBlue(), SHADE);
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, false);
        renderer.addAnnotation(new XYPolygonAnnotation(corners, null, null, shade), Layer.BACKGROUND);
        add(List.of(), renderer);
    }

    private void markers(List<Place> places, MethodStyle style) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        renderer.setSeriesShape(0, style.marker().shape(markerScale));
        renderer.setSeriesPaint(0, style.color());
        // a white rim keeps overlapping markers apart
        renderer.setUseOutlinePaint(true);
        renderer.setSeriesOutlinePaint(0, Color.WHITE);
        renderer.setSeriesOutlineStroke(0, HAIRLINE);
        renderer.setDrawOutlines(true);
        add(places, renderer);
    }

    private JFreeChart chart() {
        for (Plot.Layer layer : source.layers()) {
            Color color = style(layer.group()).color();
            switch (layer) {
                case Plot.Markers markers -> markers(markers.places(), style(markers.group()));
                case Plot.Curve curve -> curve(curve.places(), color, curve.isDashed() ? DASHED : SOLID);
                case Plot.Area area -> area(area.places(), color);
            }
        }
        source.keys().forEach(key -> legend.add(item(key, style(key.group()))));
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlinePaint(GRID);
        plot.setDomainGridlinePaint(GRID);
        plot.setRangeGridlinePaint(GRID);
        plot.setDomainGridlineStroke(HAIRLINE);
        plot.setRangeGridlineStroke(HAIRLINE);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setFixedLegendItems(legend);

        JFreeChart chart = new JFreeChart(null, null, plot, false);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(8, 6, 6, 14));
        TextTitle heading = new TextTitle(title, new Font(Font.SANS_SERIF, Font.BOLD, 15));
        heading.setPaint(Axes.INK);
        heading.setHorizontalAlignment(HorizontalAlignment.LEFT);
        heading.setPadding(0, 8, 8, 0);
        chart.setTitle(heading);
        LegendTitle key = new LegendTitle(
                plot,
                new FlowArrangement(HorizontalAlignment.LEFT, VerticalAlignment.CENTER, 0, 0),
                new ColumnArrangement());
        key.setHorizontalAlignment(HorizontalAlignment.LEFT);
        key.setPadding(4, 8, 0, 0);
        key.setPosition(RectangleEdge.BOTTOM);
        key.setFrame(BlockBorder.NONE);
        key.setItemFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        key.setItemPaint(Axes.INK);
        key.setItemLabelPadding(new RectangleInsets(2, 4, 2, 14));
        chart.addSubtitle(key);
        return chart;
    }

    private void add(List<Place> places, XYLineAndShapeRenderer renderer) {
        int index = plot.getDatasetCount();
        XYSeries series = new XYSeries(index, false, true);
        places.forEach(place -> series.add(place.x(), place.y()));
        plot.setDataset(index, new XYSeriesCollection(series));
        plot.setRenderer(index, renderer);
    }

    private static LegendItem item(Plot.Key key, MethodStyle style) {
        boolean withLine = key.line() != Plot.Line.NONE;
        boolean withShape = style.marker() != Marker.NONE;
        return new LegendItem(
                key.label(),
                null,
                null,
                null,
                withShape,
                style.marker().shape(1),
                true,
                style.color(),
                withShape,
                Color.WHITE,
                HAIRLINE,
                withLine,
                withLine ? LEGEND_LINE : NO_LINE,
                key.line() == Plot.Line.DASHED ? DASHED : SOLID,
                style.color());
    }
}
