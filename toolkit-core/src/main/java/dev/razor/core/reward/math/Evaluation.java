package dev.razor.core.reward.math;

import java.util.SplittableRandom;
import org.apfloat.Apcomplex;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.apfloat.ApfloatRuntimeException;
import org.apfloat.Apint;
import org.apfloat.Aprational;

/// The value of an expression where each variable has a rational value that follows from its name and the point's
/// number. Two expressions that agree at several such points are equal: for rational functions, whose values are
/// exact, by the lemma of Schwartz and Zippel; for others to many digits.
///
/// Variables are positive at the first point and of either sign at the others, so that `sqrt(x^2)` is not `x`.
/// For formulas with factorials and the like they are whole numbers.
final class Evaluation {

    /// What a value may cost, in units of an addition.
    private static final int MOST_WORK = 5_000;

    private final int point;
    private final boolean whole;
    private int work;

    /// @param whole whether the variables' values are whole and positive, as factorials need them
    Evaluation(int point, boolean whole) {
        this.point = point;
        this.whole = whole;
    }

    /// The value.
    ///
    /// @throws Unreadable if there is none, or none that can be computed
    Apcomplex of(Expression expression) {
        try {
            return value(expression);
        } catch (ArithmeticException | ApfloatRuntimeException e) {
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private Apcomplex value(Expression expression) {
        return switch (expression) {
            case Expression.Value number -> number.value();
            case Expression.Constant constant -> constant(constant);
            case Expression.Symbol symbol -> chosen(symbol.name());
            case Expression.Call call -> applied(call);
            case Expression.Percent percent -> Numbers.divide(value(percent.number()), new Apint(100));
            case Expression.Sequence _, Expression.Matrix _, Expression.Union _, Expression.Relation _ ->
                throw new Unreadable("a number made of what is none");
        };
    }

    private Apcomplex applied(Expression.Call call) {
        work += switch (call.function()) {
            case ADD, NEGATE, MULTIPLY, DIVIDE, ABS, FLOOR, CEIL, MIN, MAX -> 1;
            case FACTORIAL, BINOMIAL -> 500;
            case POWER,
                    ROOT,
                    LOG_OF_BASE,
                    EXP,
                    LN,
                    LG,
                    SIN,
                    COS,
                    TAN,
                    COT,
                    SEC,
                    CSC,
                    ARCSIN,
                    ARCCOS,
                    ARCTAN,
                    SINH,
                    COSH,
                    TANH,
                    GCD,
                    LCM -> 50;
        };
        if (work > MOST_WORK) {
            throw new Unreadable("a value that takes too long");
        }
        return Numbers.apply(
                call.function(), call.arguments().stream().map(this::value).toList());
    }

    private static Apcomplex constant(Expression.Constant constant) {
        return switch (constant) {
            case PI -> ApfloatMath.pi(Numbers.DIGITS);
            case E -> ApfloatMath.exp(new Apfloat(1, Numbers.DIGITS));
            case I -> new Apcomplex(Apfloat.ZERO, new Apfloat(1, Numbers.DIGITS));
        };
    }

    private Aprational chosen(String name) {
        SplittableRandom random = new SplittableRandom(31L * name.hashCode() + point);
        if (whole) {
            return new Apint(random.nextInt(2, 60));
        }
        Aprational size = new Aprational(new Apint(random.nextInt(200, 4000)), new Apint(997));
        return point > 0 && random.nextBoolean() ? size.negate() : size;
    }
}
