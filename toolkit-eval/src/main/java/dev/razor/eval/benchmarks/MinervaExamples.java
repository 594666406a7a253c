package dev.razor.eval.benchmarks;

import dev.razor.core.base.ConfigException;
import dev.razor.eval.Example;
import java.util.List;

/// The four solved problems that `minerva_math500` shows, in their order; they are part of its definition. The
/// problems are of MATH's training set. The stray brace of the first, and the single backslashes at ends of
/// lines, stand in the definition.
///
/// @see <a href="https://arxiv.org/abs/2206.14858">Lewkowycz et al. 2022, appendix D.2</a>
/// @see <a href="https://arxiv.org/abs/2103.03874">MATH, Hendrycks et al. 2021</a>
final class MinervaExamples {

    private static final List<Example> EXAMPLES = List.of(
            example("""
                    Find the domain of the expression  $\\frac{\\sqrt{x-2}}{\\sqrt{5-x}}$.}""", """
                    The expressions inside each square root must be non-negative. Therefore, $x-2 \\ge 0$, so $x\\ge2$, \
                    and $5 - x \\ge 0$, so $x \\le 5$. Also, the denominator cannot be equal to zero, so $5-x>0$, which \
                    gives $x<5$. Therefore, the domain of the expression is $\\boxed{[2,5)}$.""", "[2,5)"),
            example("""
                    If $\\det \\mathbf{A} = 2$ and $\\det \\mathbf{B} = 12,$ then find $\\det (\\mathbf{A} \\mathbf{B}).$""", """
                    We have that $\\det (\\mathbf{A} \\mathbf{B}) = (\\det \\mathbf{A})(\\det \\mathbf{B}) = (2)(12) = \
                    \\boxed{24}.$""", "24"),
            example("""
                    Terrell usually lifts two 20-pound weights 12 times. If he uses two 15-pound weights instead, how \
                    many times must Terrell lift them in order to lift the same total weight?""", """
                    If Terrell lifts two 20-pound weights 12 times, he lifts a total of $2\\cdot 12\\cdot20=480$ pounds of \
                    weight.  If he lifts two 15-pound weights instead for $n$ times, he will lift a total of \
                    $2\\cdot15\\cdot n=30n$ pounds of weight.  Equating this to 480 pounds, we can solve for $n$:
                    \\begin{align*}
                    30n&=480\\
                    \\Rightarrow\\qquad n&=480/30=\\boxed{16}
                    \\end{align*}""", "16"),
            example("""
                    If the system of equations

                    \\begin{align*}
                    6x-4y&=a,\\
                    6y-9x &=b.
                    \\end{align*}has a solution $(x, y)$ where $x$ and $y$ are both nonzero,
                    find $\\frac{a}{b},$ assuming $b$ is nonzero.""", """
                    If we multiply the first equation by $-\\frac{3}{2}$, we obtain

                    $$6y-9x=-\\frac{3}{2}a.$$Since we also know that $6y-9x=b$, we have

                    $$-\\frac{3}{2}a=b\\Rightarrow\\frac{a}{b}=\\boxed{-\\frac{2}{3}}.$$""", "-\\frac{2}{3}"));

    private MinervaExamples() {}

    private static Example example(String problem, String solution, String answer) {
        return new Example(
                query(problem),
                solution + "\nFinal Answer: The final answer is $" + answer + "$. I hope it is correct.");
    }

    /// What stands before a solution.
    static String query(String problem) {
        return "Problem:\n" + problem + "\n\nSolution:";
    }

    static List<Example> first(int count) {
        if (count > EXAMPLES.size()) {
            throw new ConfigException("num_fewshot: minerva_math500 has %d examples, got %d; take fewer"
                    .formatted(EXAMPLES.size(), count));
        }
        return EXAMPLES.subList(0, count);
    }
}
