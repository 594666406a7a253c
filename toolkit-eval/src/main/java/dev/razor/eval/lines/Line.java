package dev.razor.eval.lines;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A record of the input, ready for the model.
///
/// @param id its name in the output, see [RecordId]
/// @param number how many records stand before it
/// @param value what the model needs of it
record Line<T>(JsonNode id, long number, T value) {

    /// The beginning of its line in the output.
    ObjectNode answer() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("id", id);
        return node;
    }
}
