package dev.razor.core.checkpoint;

import tools.jackson.databind.JsonNode;

/// Values of a file as a message shows them: cut where they grow long, since a damaged file holds anything.
public final class Shown {

    private static final int LONGEST = 80;

    private Shown() {}

    public static String of(JsonNode value) {
        return value.isMissingNode() ? "nothing" : of(value.toString());
    }

    public static String of(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "...";
    }
}
