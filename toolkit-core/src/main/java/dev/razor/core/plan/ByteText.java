package dev.razor.core.plan;

import java.util.Locale;

/// Numbers of bytes as people read them, in powers of 1024.
public final class ByteText {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private ByteText() {}

    /// `1.5 GiB`: one digit behind the point below 100, none above and for plain bytes.
    public static String of(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || Math.abs(value) >= 99.95;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
