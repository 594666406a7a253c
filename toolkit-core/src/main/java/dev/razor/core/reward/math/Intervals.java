package dev.razor.core.reward.math;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inequalities in one variable as the intervals that they mean: `x >= 3` is `[3, \infty)`, and `0 < x <= 1` is
/// `(0, 1]`.
final class Intervals {

    private static final Expression INFINITY = new Expression.Symbol("\\infty");

    private Intervals() {}

    /// The interval, or null where the chain means none.
    static Expression.@Nullable Sequence of(Expression.Relation relation) {
        List<String> operators = relation.operators();
        List<Expression> sides = relation.sides();
        boolean less = operators.stream().allMatch(operator -> operator.startsWith("<"));
        boolean more = operators.stream().allMatch(operator -> operator.startsWith(">"));
        if (!less && !more) {
            return null;
        }
        if (more) {
            operators = operators.reversed();
            sides = sides.reversed();
        }
        boolean firstClosed = operators.getFirst().length() == 2;
        boolean lastClosed = operators.getLast().length() == 2;
        if (sides.size() == 3 && sides.get(1) instanceof Expression.Symbol) {
            return interval(firstClosed, sides.getFirst(), sides.getLast(), lastClosed);
        }
        if (sides.size() != 2) {
            return null;
        }
        if (sides.getFirst() instanceof Expression.Symbol) {
            return interval(false, LatexReader.signed(INFINITY, true), sides.getLast(), lastClosed);
        }
        return sides.getLast() instanceof Expression.Symbol
                ? interval(firstClosed, sides.getFirst(), INFINITY, false)
                : null;
    }

    /// The variable of a chain that [#of] takes, or null.
    static @Nullable Expression variable(Expression.Relation relation) {
        return relation.sides().stream()
                .skip(relation.sides().size() == 3 ? 1 : 0)
                .filter(Expression.Symbol.class::isInstance)
                .findFirst()
                .orElse(null);
    }

    private static Expression.Sequence interval(boolean closed, Expression from, Expression to, boolean closedEnd) {
        return new Expression.Sequence(closed ? "[" : "(", closedEnd ? "]" : ")", List.of(from, to));
    }
}
