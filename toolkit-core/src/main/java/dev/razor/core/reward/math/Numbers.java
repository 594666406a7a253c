package dev.razor.core.reward.math;

import java.math.BigInteger;
import java.util.List;
import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apfloat;
import org.apfloat.Apint;
import org.apfloat.ApintMath;
import org.apfloat.Aprational;

/// Arithmetic on complex numbers: exact between rationals, to [#DIGITS] digits otherwise, and bounded, so that no
/// answer is too large to judge. What is undefined or too large is [Unreadable].
final class Numbers {

    /// Significant decimal digits of what is not rational.
    static final long DIGITS = 40;

    /// A rational with more digits than this is rounded.
    static final long LONGEST_EXACT = 3_000;

    private static final long LARGEST_FACTORIAL = 5_000;

    private Numbers() {}

    static Apcomplex apply(Function function, List<Apcomplex> x) {
        Apcomplex a = x.getFirst();
        Apcomplex b = x.getLast();
        return switch (function) {
            case ADD -> x.stream().reduce(Numbers::add).orElseThrow();
            case MULTIPLY -> x.stream().reduce(Numbers::multiply).orElseThrow();
            case NEGATE -> a.negate();
            case DIVIDE -> divide(a, b);
            case POWER -> Powers.power(a, b);
            case ROOT -> Powers.root(a, b);
            case ABS -> a instanceof Aprational r ? (r.signum() < 0 ? r.negate() : r) : ApcomplexMath.abs(rounded(a));
            case FACTORIAL -> factorial(a);
            case BINOMIAL -> binomial(a, b);
            case FLOOR -> real(a).floor();
            case CEIL -> real(a).ceil();
            case LOG_OF_BASE -> divide(log(b), log(a));
            case EXP -> ApcomplexMath.exp(rounded(a));
            case LN -> log(a);
            case LG -> divide(log(a), log(new Apint(10)));
            case SIN -> ApcomplexMath.sin(rounded(a));
            case COS -> ApcomplexMath.cos(rounded(a));
            case TAN -> divide(ApcomplexMath.sin(rounded(a)), ApcomplexMath.cos(rounded(a)));
            case COT -> divide(ApcomplexMath.cos(rounded(a)), ApcomplexMath.sin(rounded(a)));
            case SEC -> divide(Apcomplex.ONE, ApcomplexMath.cos(rounded(a)));
            case CSC -> divide(Apcomplex.ONE, ApcomplexMath.sin(rounded(a)));
            case ARCSIN -> ApcomplexMath.asin(rounded(a));
            case ARCCOS -> ApcomplexMath.acos(rounded(a));
            case ARCTAN -> ApcomplexMath.atan(rounded(a));
            case SINH -> ApcomplexMath.sinh(rounded(a));
            case COSH -> ApcomplexMath.cosh(rounded(a));
            case TANH -> ApcomplexMath.tanh(rounded(a));
            case MIN -> x.stream().map(Numbers::real).min(Apfloat::compareTo).orElseThrow();
            case MAX -> x.stream().map(Numbers::real).max(Apfloat::compareTo).orElseThrow();
            case GCD -> x.stream().map(Numbers::integer).reduce(ApintMath::gcd).orElseThrow();
            case LCM -> x.stream().map(Numbers::integer).reduce(ApintMath::lcm).orElseThrow();
        };
    }

    /// To [#DIGITS] digits; already rounded numbers keep the digits they have.
    static Apcomplex rounded(Apcomplex x) {
        return x.precision() > DIGITS ? x.precision(DIGITS) : x;
    }

    static Apcomplex multiply(Apcomplex a, Apcomplex b) {
        return a instanceof Aprational p && b instanceof Aprational q
                ? bounded(p.multiply(q))
                : rounded(a).multiply(rounded(b));
    }

    static Apcomplex add(Apcomplex a, Apcomplex b) {
        return a instanceof Aprational p && b instanceof Aprational q
                ? bounded(p.add(q))
                : rounded(a).add(rounded(b));
    }

    static Apcomplex divide(Apcomplex a, Apcomplex b) {
        if (isNothing(b)) {
            throw new Unreadable("a division by zero");
        }
        return a instanceof Aprational p && b instanceof Aprational q
                ? bounded(p.divide(q))
                : rounded(a).divide(rounded(b));
    }

    /// Zero, or what rounding left of it: hardly a digit of such a number means anything.
    static boolean isNothing(Apcomplex x) {
        return x.isZero() || (x.precision() < DIGITS / 3 && x.scale() < -DIGITS / 3);
    }

    static Apcomplex bounded(Aprational x) {
        return digits(x) > LONGEST_EXACT ? x.precision(DIGITS) : x;
    }

    static long digits(Aprational x) {
        return Math.max(x.numerator().scale(), x.denominator().scale());
    }

    private static Apcomplex log(Apcomplex x) {
        if (isNothing(x)) {
            throw new Unreadable("the logarithm of zero");
        }
        return x instanceof Aprational r && r.equals(Apcomplex.ONE) ? Apcomplex.ZERO : ApcomplexMath.log(rounded(x));
    }

    private static Apcomplex factorial(Apcomplex x) {
        if (!isWhole(x)) {
            throw new Unreadable("a factorial of what is not whole");
        }
        if (integer(x).compareTo(new Apint(LARGEST_FACTORIAL)) > 0) {
            throw new Unreadable("a factorial that is too large");
        }
        return bounded(ApintMath.factorial(integer(x).longValue()));
    }

    private static Apcomplex binomial(Apcomplex n, Apcomplex k) {
        if (!isWhole(n) || !isWhole(k)) {
            throw new Unreadable("a binomial coefficient of what is not whole");
        }
        return bounded(new Apint(binomial(integer(n).toBigInteger(), integer(k).toBigInteger())));
    }

    private static BigInteger binomial(BigInteger n, BigInteger k) {
        BigInteger few = k.min(n.subtract(k));
        if (few.signum() < 0) {
            return BigInteger.ZERO;
        }
        if (few.compareTo(BigInteger.valueOf(LARGEST_FACTORIAL)) > 0 || n.bitLength() > Long.SIZE) {
            throw new Unreadable("a binomial coefficient that is too large");
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 1; i <= few.longValue(); i++) {
            product =
                    product.multiply(n.subtract(few).add(BigInteger.valueOf(i))).divide(BigInteger.valueOf(i));
        }
        return product;
    }

    private static Apfloat real(Apcomplex x) {
        if (!x.imag().isZero()) {
            throw new Unreadable("an order of complex numbers");
        }
        return x instanceof Apfloat already ? already : x.real();
    }

    private static boolean isWhole(Apcomplex x) {
        return x instanceof Aprational r && r.isInteger() && r.signum() >= 0;
    }

    private static Apint integer(Apcomplex x) {
        if (x instanceof Aprational r && r.isInteger()) {
            return r.numerator();
        }
        throw new Unreadable("a divisor of what is not whole");
    }
}
