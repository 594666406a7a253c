package dev.razor.core.reward.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Texts that have hung or killed other judges.
class HostileAnswersTest {

    static Stream<String> answers() {
        return Stream.of(
                "10^{10^{10^{10}}}",
                "10^10^10^10",
                "9999999999^{9999999999^{9999999999}}",
                "(((((5!)!)!)!)!)",
                "999999999999!",
                "1000000.5!",
                "\\binom{10^{18}}{5\\cdot 10^{17}}",
                "\\binom{10000000}{5000000}",
                "1e999999999",
                "1".repeat(100_000),
                "{".repeat(100_000),
                "(".repeat(1_900),
                "-".repeat(1_900) + "1",
                "\\sqrt".repeat(390) + "2",
                "\\sin ".repeat(390) + "2",
                "2^".repeat(900) + "2",
                "2^-".repeat(600) + "2",
                "x!".repeat(900),
                "\\frac".repeat(390),
                "1/(1+".repeat(55) + "x" + ")".repeat(55),
                "(x+1)^{1000}(x+2)^{1000}(x+3)^{1000}(x+4)^{1000}(x+5)^{1000}",
                "3^{12345}".repeat(200),
                "\\frac{1}{3^{12345}}+".repeat(100) + "1",
                "e^{e^{e^{e^{e^{e}}}}}",
                "\\tan(10^{1000000})",
                "\\sin(10^{50})",
                "\\pi^{\\pi^{\\pi^{\\pi^{\\pi}}}}",
                "\\gcd(10^{10000}, 3^{20000})",
                "1,".repeat(900) + "1",
                "\\pm 1".repeat(300),
                "f(((((((((((((((((((((((((((((((x",
                "\\begin{pmatrix}" + "1&".repeat(400) + "1\\end{pmatrix}",
                "\\text{" + "a".repeat(50_000),
                "\\text{}(x)",
                "\\",
                "^",
                "_",
                "'",
                "x_",
                "x^",
                "|",
                "\\frac",
                "\\left",
                "\u0000",
                "\ud800",
                "%%%%",
                "!",
                "()",
                "\\{\\}");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void equal_endsSoonAndWithoutAnException(String answer) {
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> {
            assertThat(Equivalence.equal("42", answer)).isFalse();
            assertThat(Equivalence.equal("x + 42", answer)).isFalse();
            var _ = Equivalence.equal(answer, answer + "+ 1");
        });
    }
}
