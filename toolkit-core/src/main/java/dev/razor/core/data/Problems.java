package dev.razor.core.data;

import dev.razor.core.base.DataException;
import java.util.ArrayList;
import java.util.List;

/// The problems of many records, told together: the first twenty, and how many there are beyond.
public final class Problems {

    private static final int MOST = 20;

    private final List<String> first = new ArrayList<>();
    private int more;

    /// Takes note of a problem and lets the work go on.
    public void add(DataException e) {
        for (String problem : e.problems()) {
            if (first.size() < MOST) {
                first.add(problem);
            } else {
                more++;
            }
        }
    }

    /// Throws all of them, if there are any.
    ///
    /// @param where the file or files, for the line that counts the rest
    /// @throws DataException with one line a problem
    public void throwIfAny(Object where) {
        if (more > 0) {
            first.add("%s: %d more problems of this kind or others; correct these first".formatted(where, more));
        }
        if (!first.isEmpty()) {
            throw new DataException(first);
        }
    }
}
