package dev.razor.core.reward.math;

import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apfloat;
import org.apfloat.Apint;
import org.apfloat.Aprational;

/// Whether two numbers, or two formulas with variables, are the same:
///
/// ```
/// rational numbers         a = b                                      exactly
/// other numbers            |a - b| <= 1e-9 max(|a|, |b|)
/// formulas                 exactly, or to 1e-20, at each of 6 points (12 whole ones for factorials)
///                          where both have a value, 3 at least
/// ```
final class Scalars {

    private static final int POINTS = 6;

    /// `k! (n - k)!` has no value where n is less than k.
    private static final int WHOLE_POINTS = 12;

    private static final int FEWEST_POINTS = 3;

    private static final Apfloat OF_NUMBERS = new Apfloat("1e-9");

    private static final Apfloat OF_FORMULAS = new Apfloat("1e-20");

    private Scalars() {}

    static boolean equal(Expression a, Expression b) {
        if (a.constant() && b.constant()) {
            Evaluation anywhere = new Evaluation(0, false);
            return near(anywhere.of(a), anywhere.of(b), OF_NUMBERS);
        }
        boolean whole = a.ofWholeNumbers() || b.ofWholeNumbers();
        int points = whole ? WHOLE_POINTS : POINTS;
        int compared = 0;
        for (int point = 0; point < points && point - compared <= points - FEWEST_POINTS; point++) {
            Evaluation there = new Evaluation(point, whole);
            Apcomplex left;
            Apcomplex right;
            try {
                left = there.of(a);
                right = there.of(b);
            } catch (Unreadable _) {
                continue;
            }
            if (!near(left, right, OF_FORMULAS)) {
                return false;
            }
            compared++;
        }
        return compared >= FEWEST_POINTS;
    }

    /// Whether the equations `a = 0` and `b = 0` are the same: one side is a constant times the other.
    static boolean proportional(Expression a, Expression b) {
        if (a.constant() || b.constant()) {
            return false;
        }
        Apcomplex ratio = null;
        boolean whole = a.ofWholeNumbers() || b.ofWholeNumbers();
        int compared = 0;
        for (int point = 0; point < POINTS && point - compared <= POINTS - FEWEST_POINTS; point++) {
            try {
                Evaluation there = new Evaluation(point, whole);
                Apcomplex next = Numbers.divide(there.of(a), there.of(b));
                if (Numbers.isNothing(next) || (ratio != null && !near(ratio, next, OF_FORMULAS))) {
                    return false;
                }
                ratio = next;
                compared++;
            } catch (Unreadable _) {
                // Another point may do.
            }
        }
        return compared >= FEWEST_POINTS;
    }

    private static boolean near(Apcomplex a, Apcomplex b, Apfloat tolerance) {
        if (a instanceof Aprational p && b instanceof Aprational q) {
            return p.equals(q);
        }
        if (Numbers.isNothing(a) || Numbers.isNothing(b)) {
            return Numbers.isNothing(a) && Numbers.isNothing(b);
        }
        Apcomplex left = Numbers.rounded(a);
        Apcomplex right = Numbers.rounded(b);
        if (Math.min(left.precision(), right.precision()) < Numbers.DIGITS / 2) {
            throw new Unreadable("a number of too few digits");
        }
        if (left.scale() - right.scale() > 1 || right.scale() - left.scale() > 1) {
            return false;
        }
        Apcomplex quotient = left.divide(right).subtract(new Apint(1));
        return quotient.isZero() || ApcomplexMath.abs(quotient).compareTo(tolerance) <= 0;
    }
}
