package dev.razor.core.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model directory, weights file or tokenizer that cannot be used; the message names the file.
public final class CheckpointException extends UserException {

    private static final long serialVersionUID = 1;

    public CheckpointException(String problem) {
        super(List.of(problem), null);
    }

    public CheckpointException(String problem, @Nullable Throwable cause) {
        super(List.of(problem), cause);
    }

    public CheckpointException(List<String> problems) {
        super(problems, null);
    }
}
