package dev.razor.core.tokenizer.jinja;

import dev.razor.core.tokenizer.jinja.Expression.ArgumentList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions.
final class Evaluator {

    private Evaluator() {}

    static Value evaluate(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.SequenceOf sequence -> new Value.Sequence(all(sequence.items(), scope), sequence.isTuple());
            case Expression.DictOf dict -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                dict.entries()
                        .forEach(entry -> entries.put(evaluate(entry.key(), scope), evaluate(entry.value(), scope)));
                yield new Value.Dict(entries);
            }
            case Expression.Attribute attribute ->
                Attributes.attribute(evaluate(attribute.object(), scope), attribute.name());
            case Expression.Item item -> Attributes.item(evaluate(item.object(), scope), evaluate(item.key(), scope));
            case Expression.Slice slice ->
                Attributes.slice(
                        evaluate(slice.object(), scope),
                        optional(slice.from(), scope),
                        optional(slice.to(), scope),
                        optional(slice.step(), scope));
            case Expression.Call call -> call(evaluate(call.function(), scope), call.arguments(), scope);
            case Expression.Filter filter ->
                Filters.apply(evaluate(filter.input(), scope), arguments(filter.name(), filter.arguments(), scope));
            case Expression.Test test ->
                Value.of(TypeTests.holds(
                        evaluate(test.input(), scope), arguments(test.name(), test.arguments(), scope)));
            case Expression.Not not -> Value.of(!Python.isTrue(evaluate(not.operand(), scope)));
            case Expression.Negate negate -> Operators.negate(evaluate(negate.operand(), scope));
            case Expression.And and -> {
                Value left = evaluate(and.left(), scope);
                yield Python.isTrue(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Value left = evaluate(or.left(), scope);
                yield Python.isTrue(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Binary binary ->
                Operators.binary(binary.operator(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
            case Expression.Compare compare -> Value.of(compare(compare, scope));
            case Expression.Conditional conditional -> {
                if (Python.isTrue(evaluate(conditional.condition(), scope))) {
                    yield evaluate(conditional.then(), scope);
                }
                Expression otherwise = conditional.otherwise();
                yield otherwise != null
                        ? evaluate(otherwise, scope)
                        : new Value.Undefined("an 'if' inside an expression was false and has no 'else'");
            }
        };
    }

    private static boolean compare(Expression.Compare compare, Scope scope) {
        Value left = evaluate(compare.first(), scope);
        for (Expression.Compare.Step step : compare.steps()) {
            Value right = evaluate(step.right(), scope);
            if (!Operators.compare(step.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static Value call(Value function, ArgumentList arguments, Scope scope) {
        return switch (function) {
            case Value.Function callable -> callable.body().call(arguments(callable.name(), arguments, scope));
            case Value.Undefined undefined -> throw undefined.raise();
            case Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Text _,
                    Value.Sequence _,
                    Value.Dict _,
                    Value.Namespace _ ->
                throw new JinjaException("a " + Python.typeName(function) + " cannot be called");
        };
    }

    private static Arguments arguments(String function, ArgumentList arguments, Scope scope) {
        Map<String, Value> named = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        return new Arguments(function, all(arguments.positional(), scope), named);
    }

    private static List<Value> all(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(evaluate(expression, scope)));
        return values;
    }

    private static @Nullable Value optional(@Nullable Expression expression, Scope scope) {
        return expression == null ? null : evaluate(expression, scope);
    }
}
