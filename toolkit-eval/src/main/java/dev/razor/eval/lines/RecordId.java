package dev.razor.eval.lines;

import dev.razor.core.data.JsonRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The name that a record has in the output: its `id`, a string or a whole number, copied as it is; where it has
/// none, its number in the file, counted from zero. Nothing asks that the names differ, because lines keep their
/// order.
public final class RecordId {

    private RecordId() {}

    /// The name of a record.
    ///
    /// @param number how many records stand before this one
    /// @throws dev.razor.core.base.DataException if the id is something else
    public static JsonNode of(JsonRecord record, long number) {
        if (!record.has("id")) {
            return JsonNodeFactory.instance.numberNode(number);
        }
        JsonNode id = record.node().path("id");
        if (id.isString()) {
            record.text("id"); // refuses text that no file can hold
        } else if (!id.isIntegralNumber()) {
            throw record.problem("id", "expected a string or a whole number, got %s; or leave it out".formatted(id));
        }
        return id;
    }
}
