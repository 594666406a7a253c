package dev.razor.core.reward.math;

import java.util.List;
import org.apfloat.Apint;
import org.jspecify.annotations.Nullable;

/// Reads the power, the base and the argument of a function whose name is read:
/// `\sin^2 x`, `\log_2 8`, `\ln|x|`, `\min(a, b)`, `\sin 2x \cos x`.
final class FunctionReader {

    private final LatexReader reader;
    private final AtomReader atoms;
    private final Cursor in;

    FunctionReader(LatexReader reader, AtomReader atoms) {
        this.reader = reader;
        this.atoms = atoms;
        this.in = reader.in;
    }

    Expression read(Function function, String name) {
        Expression base = null;
        Expression power = null;
        while (in.peek() == '_' || in.peek() == '^') {
            boolean isBase = in.peek() == '_';
            in.advance(1);
            if (isBase) {
                base = atoms.argument();
            } else {
                power = atoms.exponent();
            }
        }
        if (base != null && !name.equals("log")) {
            throw new Unreadable("a subscript of a function");
        }
        Function inverse = isMinusOne(power) ? function.inverse() : null;
        List<Expression> arguments = arguments(function);
        Expression value = base != null
                ? new Expression.Call(Function.LOG_OF_BASE, base, arguments.getFirst())
                : new Expression.Call(inverse != null ? inverse : function, arguments);
        return power == null || inverse != null ? value : new Expression.Call(Function.POWER, value, power);
    }

    private List<Expression> arguments(Function function) {
        if (in.peek() == '(' || in.peek() == '[') {
            Expression inside = atoms.atom();
            if (inside instanceof Expression.Sequence several) {
                if (!function.ofSeveral()) {
                    throw new Unreadable("a function of several arguments");
                }
                return several.items();
            }
            return List.of(inside);
        }
        Expression argument = reader.power();
        while (atoms.starts() && !AtomReader.isFunction(in.command()) && !AtomReader.isFunction(in.letters())) {
            argument = new Expression.Call(Function.MULTIPLY, argument, reader.power());
        }
        return List.of(argument);
    }

    private static boolean isMinusOne(@Nullable Expression power) {
        return power instanceof Expression.Call call
                && call.function() == Function.NEGATE
                && call.arguments().getFirst() instanceof Expression.Value one
                && one.value().equals(new Apint(1));
    }
}
