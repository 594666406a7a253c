package dev.razor.study.figures;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.DoubleFunction;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/// A plot with the words that go with it.
///
/// @param name the name of its files, without the ending
/// @param caption what is drawn, in a sentence or two
public record Figure(String name, String title, String caption, Plot plot) {

    /// The end of the name of a figure that shows another one's numbers on a logarithmic axis.
    public static final String LOG = "_log";

    static final int WIDTH = 640;
    static final int HEIGHT = 480;
    private static final int PIXELS_PER_UNIT = 2;

    // Layout is computed with the fonts of this machine; a reader's machine takes the first it has.
    private static final String FONTS = "DejaVu Sans, Verdana, Helvetica Neue, Arial, sans-serif";

    static {
        // Else JFreeChart turns the rotated label of the vertical axis into outlines, which no reader can search.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    /// The chart as a PNG image of twice its nominal size.
    public byte[] png() {
        BufferedImage image =
                new BufferedImage(WIDTH * PIXELS_PER_UNIT, HEIGHT * PIXELS_PER_UNIT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
        chart().draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The chart as an SVG element that scales with its container; its ids begin with [#name].
    public String svg() {
        SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
        graphics.setDefsKeyPrefix(name + "-");
        graphics.setFontFunction(_ -> FONTS);
        DoubleFunction<String> twoDecimals = value -> String.format(Locale.ROOT, "%.2f", value);
        graphics.setGeomDoubleConverter(twoDecimals);
        graphics.setTransformDoubleConverter(value -> String.format(Locale.ROOT, "%.6f", value));
        chart().draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        return graphics.getSVGElement(name, false, new ViewBox(0, 0, WIDTH, HEIGHT), null, null);
    }

    private JFreeChart chart() {
        return ScatterChart.of(title, plot);
    }
}
