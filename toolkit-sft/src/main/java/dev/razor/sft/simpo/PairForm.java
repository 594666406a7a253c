package dev.razor.sft.simpo;

import dev.razor.core.data.JsonRecord;

/// The forms of a pair, TRL's; a file holds one of them.
enum PairForm {
    TEXT("prompt, chosen and rejected as text"),
    CONVERSATION("prompt, chosen and rejected as lists of messages"),
    WHOLE("chosen and rejected as whole conversations");

    private final String shown;

    PairForm(String shown) {
        this.shown = shown;
    }

    /// Its fields, for messages.
    String shown() {
        return shown;
    }

    /// The form of a record. A prompt as text beside lists of messages, as some data sets have for show, says
    /// nothing.
    ///
    /// @throws dev.razor.core.base.DataException if it has none
    static PairForm of(JsonRecord record) {
        boolean lists = record.node().path("chosen").isArray()
                && record.node().path("rejected").isArray();
        if (lists) {
            return record.node().path("prompt").isArray() ? CONVERSATION : WHOLE;
        }
        if (!record.has("prompt")) {
            throw record.problem(
                    "prompt",
                    "missing; give prompt, chosen and rejected (only lists of messages show by themselves where the prompt ends)");
        }
        return TEXT;
    }
}
