package dev.razor.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PassAtKTest {

    @Test
    void of_workedByHand() {
        // 5 completions, 2 right, 2 drawn: 1 - C(3, 2) / C(5, 2) = 1 - 3 / 10
        assertThat(PassAtK.of(5, 2, 2)).isCloseTo(0.7, within(1e-15));
        assertThat(PassAtK.of(4, 1, 1)).isEqualTo(0.25);
        assertThat(PassAtK.of(3, 0, 2)).isZero();
        assertThat(PassAtK.of(3, 2, 2)).isEqualTo(1);
    }

    @Test
    void of_isTheQuotientOfBinomials_exactly() {
        for (int n = 1; n <= 200; n += 13) {
            for (int c = 0; c <= n; c += 3) {
                for (int k = 1; k <= n; k += 7) {
                    double none = choose(n - c, k).doubleValue() / choose(n, k).doubleValue();
                    assertThat(PassAtK.of(n, c, k)).isCloseTo(1 - none, within(1e-12));
                }
            }
        }
    }

    @Test
    void of_refusesMoreDrawsThanCompletions() {
        assertThatIllegalArgumentException().isThrownBy(() -> PassAtK.of(3, 1, 4));
    }

    private static BigInteger choose(int n, int k) {
        BigInteger result = k > n ? BigInteger.ZERO : BigInteger.ONE;
        for (int i = 1; i <= k && k <= n; i++) {
            result = result.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
        }
        return result;
    }
}
