package dev.razor.core.reward.math;

import java.util.List;
import org.apfloat.Aprational;

/// What an answer says, as a tree.
sealed interface Expression {

    /// A number as written, kept exactly: 0.125 is 1/8.
    record Value(Aprational value) implements Expression {}

    /// A number with a name of its own.
    enum Constant implements Expression {
        PI,
        E,
        I
    }

    /// A variable, or a name such as `x_1`, `f(x)`, `\infty` or a word of text.
    record Symbol(String name) implements Expression {}

    /// A function of its arguments.
    record Call(Function function, List<Expression> arguments) implements Expression {

        Call(Function function, Expression... arguments) {
            this(function, List.of(arguments));
        }
    }

    /// A percentage: the number before the sign.
    record Percent(Expression number) implements Expression {}

    /// Several things between brackets: a tuple or interval `(1, 2]`, a set `{1, 2}`, a ratio `:1 : 2:`, or a
    /// bare list, whose brackets are empty.
    record Sequence(String open, String close, List<Expression> items) implements Expression {

        /// Whether the order does not matter: a set or a bare list.
        boolean unordered() {
            return open.isEmpty() || open.equals("{");
        }
    }

    /// A matrix by rows.
    record Matrix(List<List<Expression>> rows) implements Expression {}

    /// A union of sets.
    record Union(List<Expression> parts) implements Expression {}

    /// A chain such as `0 < x <= 1`; the operators are `= < <= > >= != in`, one fewer than the sides.
    record Relation(List<String> operators, List<Expression> sides) implements Expression {}

    /// Whether the expression has no variable: it is one number.
    default boolean constant() {
        return switch (this) {
            case Value _, Constant _ -> true;
            case Symbol _ -> false;
            case Call call -> call.arguments().stream().allMatch(Expression::constant);
            case Percent percent -> percent.number().constant();
            case Sequence _, Matrix _, Union _, Relation _ -> false;
        };
    }

    /// Whether it holds a function of whole numbers, such as a factorial.
    default boolean ofWholeNumbers() {
        return switch (this) {
            case Call call ->
                call.function().ofWholeNumbers() || call.arguments().stream().anyMatch(Expression::ofWholeNumbers);
            case Percent percent -> percent.number().ofWholeNumbers();
            case Value _, Constant _, Symbol _, Sequence _, Matrix _, Union _, Relation _ -> false;
        };
    }
}
