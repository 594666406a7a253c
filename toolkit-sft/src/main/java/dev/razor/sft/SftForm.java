package dev.razor.sft;

import dev.razor.core.data.JsonRecord;

/// The forms of a record, TRL's; a file holds one of them.
enum SftForm {
    MESSAGES("messages"),
    TEXT("prompt and completion as text"),
    CONVERSATION("prompt and completion as lists of messages");

    private final String shown;

    SftForm(String shown) {
        this.shown = shown;
    }

    /// Its fields, for messages.
    String shown() {
        return shown;
    }

    /// The form of a record. A `prompt` alone beside `messages`, as some data sets have for show, says nothing.
    ///
    /// @throws dev.razor.core.base.DataException if it has none, or more than one
    static SftForm of(JsonRecord record) {
        if (record.has("messages")) {
            if (record.has("completion")) {
                throw record.problem("has both messages and completion; give one of the two forms");
            }
            return MESSAGES;
        }
        if (!record.has("prompt") && !record.has("completion")) {
            throw record.problem("has neither messages nor prompt and completion; give one of the two forms");
        }
        return isList(record, "prompt") && isList(record, "completion") ? CONVERSATION : TEXT;
    }

    private static boolean isList(JsonRecord record, String key) {
        return record.node().path(key).isArray();
    }
}
