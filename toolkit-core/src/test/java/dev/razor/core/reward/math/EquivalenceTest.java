package dev.razor.core.reward.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pairs judged by hand; both orders of each.
class EquivalenceTest {

    private static final String SAME = """
            42 | 42
            42 | 42.0
            42 | 042
            42. | 42
            -7 | − 7
            1234 | 1,234
            10,\\!080 | 10080
            11,\\! 111,\\! 111,\\! 100 | 11111111100
            500,000 | 5\\cdot10^{5}
            1{,}000 | 1000
            \\$18.50 | 18.5
            18 | \\text{18 dollars}
            995\\text{ dollars} | 995
            4\\pi \\text{ cm}^2 | 4\\pi
            12 apples | 12
            3 square feet | 3
            \\frac{1}{2} | 0.5
            \\frac12 | 1/2
            \\dfrac{33}{100} | .33
            \\frac 59 | 5/9
            \\frac9{19} | \\tfrac{9}{19}
            \\frac{-3}{8} | -\\frac{3}{8}
            \\frac{2}{4} | \\frac{1}{2}
            137 \\frac{1}{2} | 137.5
            4\\frac{8}{21} | \\frac{92}{21}
            -3\\frac12 | -3.5
            1 1/2 | 1.5
            0.\\overline{3} | \\frac13
            0.1\\overline{6} | 1/6
            .0000672 | 6.72 \\times 10^{-5}
            1.5e3 | 1500
            50\\% | 50
            50\\% | 0.5
            50\\% | \\frac12
            90^\\circ | 90
            90^{\\circ} | 90°
            \\sqrt{8} | 2\\sqrt{2}
            \\sqrt2 | 1.41421356237
            \\frac{1}{\\sqrt{3}} | \\frac{\\sqrt{3}}{3}
            \\sqrt{16} | 4
            8^{1/3} | 2
            \\sqrt[3]{-8} | -2
            (\\sqrt{2})^2 | 2
            26\\sqrt{3}+45 | 45 + 26\\sqrt 3
            \\pi | 3.141592653590
            288 \\pi | 288π
            \\frac{\\pi^2}{6} | \\pi^2/6
            2^{10} | 1024
            2^{2008} | 4^{1004}
            \\frac{2019^{2020}}{2020^{2019}} | 2019 \\left(\\frac{2019}{2020}\\right)^{2019}
            5! | 120
            21!-1 | -1+21!
            \\binom{15}{7} | 6435
            \\binom{9891}{1989} | \\binom{9891}{7902}
            2001! | 2001 \\cdot 2000!
            \\ln 8 | 3\\ln 2
            \\log_2 8 | 3
            \\frac{\\log(2)}{\\log(3)} | \\log_3 2
            \\sin^2 1 + \\cos^2 1 | 1
            e^{i\\pi} | -1
            6+9i | 9i + 6
            (1+i)^2 | 2i
            |{-3}| | 3
            x=5 | 5
            x = 5 | x=5.0
            x=5 | 5 = x
            f(x) = x^2 | x^2
            f(x)=2x | f(x) = x+x
            \\frac{TM}{MK} = 2 | 2
            2^{10} - 1 = 1023 | 1023
            y = -2x | 2x + y = 0
            5x - 7y + 11z + 4 = 0 | 7y = 5x+11z+4
            (x+1)^2 | x^2+2x+1
            x^3+3x-6 | 3x - 6 + x^3
            (a+5)(b+2) | ab+2a+5b+10
            \\frac{x^2-1}{x-1} | x+1
            \\frac{n(n+1)}{2} | \\frac12 n^2 + n/2
            2^{n+1} | 2\\cdot 2^n
            \\frac{\\sqrt{x}\\sqrt{x}}{x^2} | 1/x
            \\cot x | \\frac{\\cos x}{\\sin x}
            \\sin 2x | 2\\sin x\\cos x
            \\sin2\\alpha\\sin\\beta | \\sin(\\beta)\\sin(2\\alpha)
            n \\cdot (n-1)! | n!
            \\binom{n}{k} | \\frac{n!}{k!(n-k)!}
            \\binom{2n-1}{n-1} n! | \\binom{2n-1}{n} n!
            n - \\gcd(n, k) | n-\\gcd(k,n)
            3\\leqslantx\\leqslant6 | 6 \\ge x \\ge 3
            4\\piR^{2} | 4 \\pi R^2
            e^{-x}(\\cosx+2\\sinx) | e^{-x}\\cos x + 2 e^{-x} \\sin x
            x \\geq 3 | [3, \\infty)
            3 > x > 1 | (1,3)
            x \\in [-1, 1] | [-1,1]
            (0,9) \\cup (9,36) | (9, 36)\\cup(0, 9)
            \\left(\\frac{3}{5},\\frac{8}{3}\\right] | (0.6, 8/3]
            (5,\\infty) | (5, +\\infty)
            (6,31,-1) | ( 6 , 31 , -1 )
            (6,31,-1) | [6,31,-1]
            1,-2 | -2, 1
            1 \\text{ and } 27 | 27, 1
            x = 1 \\text{ or } x = 2 | 2, 1
            \\{1,2,3\\} | \\left\\{ 3, 2, 1 \\right\\}
            1 \\pm \\sqrt{2} | 1-\\sqrt2, 1+\\sqrt2
            4:1 | 8:2
            3:5:7 | 6:10:14
            k \\neq 2 | 2 \\ne k
            52_8 | 52_{8}
            \\begin{pmatrix} 1/5 \\\\ -18/5 \\end{pmatrix} | \\begin{pmatrix} 0.2 \\\\ -3.6 \\end{pmatrix}
            \\begin{pmatrix} -1 & 0 \\\\ 0 & -1 \\end{pmatrix} | \\begin{bmatrix}-1&0\\\\0&-1\\end{bmatrix}
            \\text{east} | East
            \\text{(C)} | C
            (C) | \\textbf{C}
            \\text{Evelyn} | Evelyn
            \\min(a, b) | \\min(b,a)
            \\boxed{5} | 5
            $\\frac{1}{2}$ | 0.5
            """;

    private static final String DIFFERENT = """
            42 | 43
            42 | -42
            1234 | 1235
            1,234 | 1, 234
            0.333 | \\frac13
            0.3333333333333 | \\frac13
            3.14 | \\pi
            22/7 | \\pi
            1.4142 | \\sqrt2
            \\sqrt{2}+\\sqrt{3} | \\sqrt{5}
            2^{2008} | 2^{2009}
            10^{100} | 10^{100}+1
            2\\frac12 | 1
            50\\% | 5
            50\\% | 0.5\\%
            52_8 | 52
            40_9 | 40_8
            x=5 | y=5
            x=5 | 6
            y = -2x | y = 2x
            5x + y = 0 | 0
            x^2 | x^3
            x^2 | y^2
            x | |x|
            \\sqrt{x^2} | x
            x | x + 10^{-12}
            2^{n} | 2^{n-1}
            n! | n^2
            \\gcd(n, k) | 1
            \\binom{n}{k} | \\binom{n}{k+1}
            10\\cdots 0 | 100
            \\sin x | \\cos x
            x > 3 | x \\ge 3
            x > 3 | y > 3
            x > 3 | x < 3
            (1,2) | (2,1)
            (1,2) | [1,2]
            (1,2) | (1,2]
            1,-2 | 1
            1,2 | 1,2,3
            1,1,2 | 1,2,2
            \\{1,2\\} | (1,2)
            (0,9) \\cup (9,36) | (0,36)
            4:1 | 1:4
            3:5:7 | 3:5:8
            k \\neq 2 | k = 2
            \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} | \\begin{pmatrix} 2 \\\\ 1 \\end{pmatrix}
            \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} | \\begin{pmatrix} 1 & 2 \\end{pmatrix}
            A | B
            \\text{east} | \\text{west}
            blue | lueb
            Yes | No
            \\int x dx | x
            \\frac{1}{0} | \\frac{2}{0}
            1/0 | 5
            0^0 | 1
            """;

    static Stream<String> same() {
        return SAME.lines();
    }

    static Stream<String> different() {
        return DIFFERENT.lines();
    }

    @ParameterizedTest
    @MethodSource("same")
    void equal_isTrueOfWaysToWriteOneAnswer(String pair) {
        String[] sides = sides(pair);
        assertThat(Equivalence.equal(sides[0], sides[1])).isTrue();
        assertThat(Equivalence.equal(sides[1], sides[0])).isTrue();
    }

    @ParameterizedTest
    @MethodSource("different")
    void equal_isFalseOfDifferentAnswers(String pair) {
        String[] sides = sides(pair);
        assertThat(Equivalence.equal(sides[0], sides[1])).isFalse();
        assertThat(Equivalence.equal(sides[1], sides[0])).isFalse();
    }

    private static String[] sides(String pair) {
        String[] sides = pair.strip().split(" \\| ", 2);
        assertThat(sides).hasSize(2);
        return sides;
    }
}
