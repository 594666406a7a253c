package dev.razor.sft;

import dev.razor.core.data.JsonRecord;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/// Sees to it that the records of a file all have one form. Each form beyond the first is told once.
///
/// @param <F> the forms
public final class OneForm<F extends Enum<F>> {

    private final Function<F, String> shown;
    private final Map<F, JsonRecord> firstOfForm;

    /// @param shown the fields of a form, for messages
    public OneForm(Class<F> forms, Function<F, String> shown) {
        this.shown = shown;
        this.firstOfForm = new EnumMap<>(forms);
    }

    /// Takes the next record of the file.
    ///
    /// @throws dev.razor.core.base.DataException if it is the first of another form than the file begins with
    public void require(JsonRecord record, F form) {
        boolean isNew = firstOfForm.putIfAbsent(form, record) == null;
        if (isNew && firstOfForm.size() > 1) {
            Map.Entry<F, JsonRecord> first = firstOfForm.entrySet().stream()
                    .min((a, b) ->
                            Integer.compare(a.getValue().line(), b.getValue().line()))
                    .orElseThrow();
            throw record.problem("has %s, but the first record (%s) has %s; give each form a file of its own"
                    .formatted(shown.apply(form), first.getValue().place(), shown.apply(first.getKey())));
        }
    }
}
