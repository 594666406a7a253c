package dev.razor.core.tokenizer.jinja;

import dev.razor.core.tokenizer.jinja.Statement.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Renders statements into text.
final class Renderer {

    /// How a statement ended: at its end, or by leaving the loop's turn or the loop.
    private enum Flow {
        NORMAL,
        CONTINUE,
        BREAK
    }

    private final StringBuilder out = new StringBuilder();

    private Renderer() {}

    static String render(List<Statement> statements, Scope scope) {
        Renderer renderer = new Renderer();
        renderer.all(statements, scope);
        return renderer.out.toString();
    }

    private Flow all(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            Flow flow = one(statement, scope);
            if (flow != Flow.NORMAL) {
                return flow;
            }
        }
        return Flow.NORMAL;
    }

    private Flow one(Statement statement, Scope scope) {
        return switch (statement) {
            case Statement.Data data -> {
                out.append(data.text());
                yield Flow.NORMAL;
            }
            case Statement.Output output -> {
                out.append(Python.str(evaluate(output.expression(), scope, output.line())));
                yield Flow.NORMAL;
            }
            case Statement.If branches -> branch(branches, scope);
            case Statement.For loop -> loop(loop, scope);
            case Statement.Set set -> {
                assign(set.target(), evaluate(set.value(), scope, set.line()), scope, set.line());
                yield Flow.NORMAL;
            }
            case Statement.SetBlock set -> {
                // a block that is assigned is rendered like a loop's turn: what it sets stays inside
                assign(set.target(), Value.of(render(set.body(), new Scope(scope))), scope, set.line());
                yield Flow.NORMAL;
            }
            case Statement.Macro macro -> {
                scope.set(macro.name(), new Value.Function(macro.name(), arguments -> call(macro, arguments, scope)));
                yield Flow.NORMAL;
            }
            case Statement.Generation generation -> all(generation.body(), scope);
            case Statement.Break _ -> Flow.BREAK;
            case Statement.Continue _ -> Flow.CONTINUE;
        };
    }

    private Flow branch(Statement.If branches, Scope scope) {
        for (Statement.If.Branch branch : branches.branches()) {
            if (Python.isTrue(evaluate(branch.condition(), scope, branches.line()))) {
                return all(branch.body(), scope);
            }
        }
        return all(branches.otherwise(), scope);
    }

    private Flow loop(Statement.For loop, Scope scope) {
        List<Value> items = items(loop, scope);
        for (int i = 0; i < items.size(); i++) {
            Scope turn = new Scope(scope);
            turn.set("loop", loopVariable(items, i));
            assign(loop.target(), items.get(i), turn, loop.line());
            if (all(loop.body(), turn) == Flow.BREAK) {
                break;
            }
        }
        return items.isEmpty() ? all(loop.otherwise(), scope) : Flow.NORMAL;
    }

    private static List<Value> items(Statement.For loop, Scope scope) {
        Value iterable = evaluate(loop.iterable(), scope, loop.line());
        try {
            List<Value> items = Python.iterate(iterable);
            Expression condition = loop.condition();
            return condition == null
                    ? items
                    : items.stream()
                            .filter(item -> {
                                Scope turn = new Scope(scope);
                                assign(loop.target(), item, turn, loop.line());
                                return Python.isTrue(Evaluator.evaluate(condition, turn));
                            })
                            .toList();
        } catch (JinjaException e) {
            throw e.at(loop.line());
        }
    }

    private static Value loopVariable(List<Value> items, int index) {
        Map<String, Value> attributes = new LinkedHashMap<>();
        attributes.put("index", Value.of(index + 1));
        attributes.put("index0", Value.of(index));
        attributes.put("revindex", Value.of(items.size() - index));
        attributes.put("revindex0", Value.of(items.size() - index - 1));
        attributes.put("first", Value.of(index == 0));
        attributes.put("last", Value.of(index == items.size() - 1));
        attributes.put("length", Value.of(items.size()));
        attributes.put("previtem", index > 0 ? items.get(index - 1) : new Value.Undefined("there is no previous item"));
        attributes.put(
                "nextitem",
                index < items.size() - 1 ? items.get(index + 1) : new Value.Undefined("there is no next item"));
        attributes.put("cycle", new Value.Function("cycle", arguments -> {
            if (arguments.positional().isEmpty()) {
                throw new JinjaException("loop.cycle() needs an argument");
            }
            return arguments.positional().get(index % arguments.positional().size());
        }));
        return new Value.Namespace(attributes);
    }

    private static void assign(Target target, Value value, Scope scope, int line) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Unpacked unpacked -> {
                List<Value> items = Python.iterate(value);
                if (items.size() != unpacked.names().size()) {
                    throw new JinjaException(
                            "cannot unpack %d values into %d names"
                                    .formatted(items.size(), unpacked.names().size()),
                            line);
                }
                for (int i = 0; i < items.size(); i++) {
                    scope.set(unpacked.names().get(i), items.get(i));
                }
            }
            case Target.NamespaceAttribute attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
                    throw new JinjaException("'" + attribute.namespace() + "' is not a namespace", line);
                }
                namespace.attributes().put(attribute.attribute(), value);
            }
        }
    }

    private static Value call(Statement.Macro macro, Arguments arguments, Scope definition) {
        String[] names =
                macro.parameters().stream().map(Statement.Macro.Parameter::name).toArray(String[]::new);
        Arguments.Bound bound = arguments.bind(names);
        Scope scope = new Scope(definition);
        for (Statement.Macro.Parameter parameter : macro.parameters()) {
            Expression otherwise = parameter.otherwise();
            Value missing = new Value.Undefined("the parameter '" + parameter.name() + "' was not given");
            scope.set(
                    parameter.name(),
                    bound.has(parameter.name())
                            ? bound.require(parameter.name())
                            : otherwise == null ? missing : Evaluator.evaluate(otherwise, scope));
        }
        return Value.of(render(macro.body(), scope));
    }

    private static Value evaluate(Expression expression, Scope scope, int line) {
        try {
            return Evaluator.evaluate(expression, scope);
        } catch (JinjaException e) {
            throw e.at(line);
        }
    }
}
