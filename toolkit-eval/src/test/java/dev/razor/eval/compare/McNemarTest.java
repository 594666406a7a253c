package dev.razor.eval.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class McNemarTest {

    /// 1 against 9: 2 (C(10,0) + C(10,1)) / 2^10 = 22 / 1024; mid-p 2 / 1024 + 10 / 1024; chi-square 64 / 10.
    @Test
    void of_oneAgainstNine_byHand() {
        McNemar test = McNemar.of(1, 9);
        assertThat(test.exact()).isCloseTo(22 / 1024.0, within(1e-15));
        assertThat(test.midP()).isCloseTo(12 / 1024.0, within(1e-15));
        assertThat(test.chiSquare()).isEqualTo(6.4);
        assertThat(McNemar.of(9, 1)).isEqualTo(test);
    }

    /// As many for one as for the other tell nothing, nor does no difference at all.
    @Test
    void of_equalCounts_isOne() {
        for (int count : new int[] {0, 1, 4, 600}) {
            McNemar test = McNemar.of(count, count);
            assertThat(test.exact()).isEqualTo(1);
            assertThat(test.midP()).isCloseTo(1, within(1e-12));
            assertThat(test.chiSquare()).isZero();
        }
    }

    /// Against whole-number binomial coefficients, where 2^-n is below the smallest double.
    @Test
    void of_manyItems_isThatOfExactArithmetic() {
        int n = 1500;
        int k = 690;
        BigInteger coefficient = BigInteger.ONE;
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i <= k; i++) {
            sum = sum.add(coefficient);
            coefficient = coefficient.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1L));
        }
        double expected = new BigDecimal(sum.shiftLeft(1))
                .divide(new BigDecimal(BigInteger.TWO.pow(n)), MathContext.DECIMAL64)
                .doubleValue();
        assertThat(McNemar.of(k, n - k).exact()).isCloseTo(expected, within(1e-10));
    }
}
