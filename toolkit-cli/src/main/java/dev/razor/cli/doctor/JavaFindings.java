package dev.razor.cli.doctor;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The Java that runs Razor: its release, its encodings, and whether it can write text into a picture.
final class JavaFindings {

    private static final int NEEDED = 25;

    private JavaFindings() {}

    static List<Finding> look() {
        return List.of(
                jdk(Runtime.version(), System.getProperty("java.vendor"), System.getProperty("java.home")),
                encoding(Charset.defaultCharset(), System.getProperty("sun.jnu.encoding", "unknown")),
                font());
    }

    static Finding jdk(Runtime.Version version, String vendor, String home) {
        String found = "%s (%s), %s".formatted(version, vendor, home);
        if (version.feature() < NEEDED) {
            return Finding.failed("JDK", found, "install a JDK %d or later".formatted(NEEDED));
        }
        return JavaFindings.class.getModule().isNativeAccessEnabled()
                ? Finding.ok("JDK", found)
                : Finding.warning("JDK", found + ", native access not enabled", "start Razor by its launcher, razor");
    }

    /// @param text the charset of text
    /// @param files the name of that of file names, which follows from the locale
    static Finding encoding(Charset text, String files) {
        String found = "text in %s, file names in %s".formatted(text, files);
        boolean utf8 = text.equals(StandardCharsets.UTF_8) && files.equalsIgnoreCase("UTF-8");
        return utf8
                ? Finding.ok("locale", found)
                : Finding.warning("locale", found, "file names beyond ASCII cannot be opened: set LC_ALL=C.UTF-8");
    }

    /// Draws a letter as the report's figures do.
    static Finding font() {
        Graphics2D graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
        String remedy = "figures cannot be drawn: apt install fontconfig fonts-dejavu-core";
        try {
            FontMetrics metrics = graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            return metrics.stringWidth("KL") > 0
                    ? Finding.ok("font", metrics.getFont().getFontName())
                    : Finding.warning("font", "letters without width", remedy);
        } catch (RuntimeException | LinkageError | InternalError e) { // how Java says that there is no font
            return Finding.warning("font", "none: " + e, remedy);
        } finally {
            graphics.dispose();
        }
    }
}
