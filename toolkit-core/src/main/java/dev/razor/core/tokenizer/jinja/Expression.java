package dev.razor.core.tokenizer.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed expression.
sealed interface Expression {

    record Constant(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record SequenceOf(List<Expression> items, boolean isTuple) implements Expression {}

    record DictOf(List<Entry> entries) implements Expression {

        record Entry(Expression key, Expression value) {}
    }

    /// `object.name`
    record Attribute(Expression object, String name) implements Expression {}

    /// `object[key]`
    record Item(Expression object, Expression key) implements Expression {}

    /// `object[from:to:step]`
    record Slice(
            Expression object,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(Expression function, ArgumentList arguments) implements Expression {}

    /// `input | name(arguments)`
    record Filter(Expression input, String name, ArgumentList arguments) implements Expression {}

    /// `input is name(arguments)`
    record Test(Expression input, String name, ArgumentList arguments) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Negate(Expression operand) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /// `first < second == third`, which is `first < second and second == third`.
    record Compare(Expression first, List<Step> steps) implements Expression {

        record Step(String operator, Expression right) {}
    }

    /// `then if condition else otherwise`
    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    /// The arguments of a call, a filter or a test before they are evaluated.
    record ArgumentList(List<Expression> positional, Map<String, Expression> named) {

        static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of());
    }
}
