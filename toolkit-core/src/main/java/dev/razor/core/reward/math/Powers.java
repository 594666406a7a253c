package dev.razor.core.reward.math;

import java.math.BigInteger;
import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apint;
import org.apfloat.ApintMath;
import org.apfloat.Aprational;

/// Powers and roots: exact where the result is a rational of bearable length.
final class Powers {

    private Powers() {}

    /// `base ^ exponent`, the principal value; an even root that comes out even is exact: 16^(1/2) = 4.
    static Apcomplex power(Apcomplex base, Apcomplex exponent) {
        if (exponent instanceof Aprational r) {
            if (r.isInteger()) {
                return whole(base, r.numerator());
            }
            if (r.denominator().equals(new Apint(2)) && base instanceof Aprational b && b.signum() >= 0) {
                return whole(squareRoot(b), r.numerator());
            }
        }
        if (Numbers.isNothing(base)) {
            throw new Unreadable("a power of zero");
        }
        return ApcomplexMath.pow(Numbers.rounded(base), Numbers.rounded(exponent));
    }

    /// The `n`th root of `x`; an odd root of a negative number is negative, as school has it.
    static Apcomplex root(Apcomplex x, Apcomplex n) {
        boolean odd = n instanceof Aprational r
                && r.isInteger()
                && r.numerator().toBigInteger().testBit(0);
        if (odd && x.imag().isZero() && x.real().signum() < 0) {
            return root(x.negate(), n).negate();
        }
        if (x.isZero()) {
            return Apcomplex.ZERO;
        }
        return power(x, Numbers.divide(Apcomplex.ONE, n));
    }

    private static Apcomplex whole(Apcomplex base, Apint exponent) {
        if (exponent.scale() > 18) {
            throw new Unreadable("an exponent that is too large");
        }
        long n = exponent.longValue();
        if (Numbers.isNothing(base)) {
            if (n <= 0) {
                throw new Unreadable("a power of zero");
            }
            return Apcomplex.ZERO;
        }
        boolean one = base instanceof Aprational r
                && (r.equals(Apcomplex.ONE) || r.negate().equals(Apcomplex.ONE));
        if (one) {
            return n % 2 == 0 ? Apcomplex.ONE : base;
        }
        if (base instanceof Aprational r && Math.abs(n) <= Numbers.LONGEST_EXACT / Math.max(1, Numbers.digits(r))) {
            Apint top = ApintMath.pow(r.numerator(), Math.abs(n));
            Apint bottom = ApintMath.pow(r.denominator(), Math.abs(n));
            return n >= 0 ? new Aprational(top, bottom) : new Aprational(bottom, top);
        }
        return ApcomplexMath.pow(Numbers.rounded(base), n);
    }

    private static Apcomplex squareRoot(Aprational x) {
        BigInteger[] top = x.numerator().toBigInteger().sqrtAndRemainder();
        BigInteger[] bottom = x.denominator().toBigInteger().sqrtAndRemainder();
        if (top[1].signum() == 0 && bottom[1].signum() == 0) {
            return new Aprational(new Apint(top[0]), new Apint(bottom[0]));
        }
        return ApcomplexMath.sqrt(Numbers.rounded(x));
    }
}
