package dev.razor.core.tokenizer.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed statement: text, an output or a tag.
sealed interface Statement {

    record Data(String text) implements Statement {}

    /// `{{ expression }}`
    record Output(Expression expression, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {

        record Branch(Expression condition, List<Statement> body) {}
    }

    /// `{% for target in iterable if condition %}`; `otherwise` is rendered when there is nothing to iterate
    /// over.
    record For(
            Target target,
            Expression iterable,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(Target target, Expression value, int line) implements Statement {}

    /// `{% set target %}body{% endset %}`
    record SetBlock(Target target, List<Statement> body, int line) implements Statement {}

    record Macro(String name, List<Parameter> parameters, List<Statement> body) implements Statement {

        record Parameter(String name, @Nullable Expression otherwise) {}
    }

    /// `{% generation %}`, with which some templates mark what the assistant wrote; it renders its body.
    record Generation(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /// What a loop or an assignment writes to.
    sealed interface Target {

        record Variable(String name) implements Target {}

        record Unpacked(List<String> names) implements Target {}

        /// `namespace.attribute`
        record NamespaceAttribute(String namespace, String attribute) implements Target {}
    }
}
