package dev.razor.core.reward.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether two answers are the same.
///
/// They are if they are the same letter by letter, spelling aside, or if both can be read and
///
/// - are numbers or formulas of the same value ([Scalars]); a percentage may be meant as `50` or as `0.5`,
/// - are tuples, intervals, matrices or unions with the same parts in order; sets and bare lists in any order,
/// - are the same equation or inequality. `x = 5` is also plain `5`, and `x \ge 3` is also `[3, \infty)`.
///
/// `a \pm b` is the list `a + b, a - b`.
public final class Equivalence {

    /// Lists are compared each with each.
    private static final int LONGEST_LIST = 100;

    private Equivalence() {}

    /// Whether the answers are the same; never throws, whatever the texts.
    public static boolean equal(String gold, String answer) {
        String a = AnswerText.cleaned(gold);
        String b = AnswerText.cleaned(answer);
        if (AnswerText.plain(a).equals(AnswerText.plain(b))) {
            return !AnswerText.plain(a).isEmpty();
        }
        if (AnswerText.isWords(a) || AnswerText.isWords(b)) {
            return false;
        }
        Expression left = read(a);
        Expression right = read(b);
        try {
            return left != null && right != null && same(left, right);
        } catch (Unreadable _) {
            return false;
        }
    }

    /// Whether the grammar reads the text, or it is a word.
    public static boolean readable(String text) {
        String cleaned = AnswerText.cleaned(text);
        return AnswerText.isWords(cleaned) || read(cleaned) != null;
    }

    private static @Nullable Expression read(String cleaned) {
        try {
            if (!cleaned.contains("\\pm")) {
                return LatexReader.read(cleaned);
            }
            Expression plus = LatexReader.read(cleaned.replace("\\pm", "+").replace("\\mp", "-"));
            Expression minus = LatexReader.read(cleaned.replace("\\pm", "-").replace("\\mp", "+"));
            return new Expression.Sequence("", "", List.of(plus, minus));
        } catch (Unreadable _) {
            return null;
        }
    }

    private static boolean same(Expression a, Expression b) {
        if (a instanceof Expression.Relation p && b instanceof Expression.Relation q) {
            return sameRelation(p, q);
        }
        if (a instanceof Expression.Relation relation) {
            Expression meant = meant(relation);
            return meant != null && same(meant, b);
        }
        if (b instanceof Expression.Relation) {
            return same(b, a);
        }
        if (a instanceof Expression.Sequence p && b instanceof Expression.Sequence q) {
            return sameSequence(p, q);
        }
        if (a instanceof Expression.Matrix p && b instanceof Expression.Matrix q) {
            return p.rows().size() == q.rows().size()
                    && inOrder(
                            p.rows().stream().map(Equivalence::row).toList(),
                            q.rows().stream().map(Equivalence::row).toList());
        }
        if (a instanceof Expression.Union p && b instanceof Expression.Union q) {
            return inAnyOrder(p.parts(), q.parts());
        }
        return number(a) && number(b) && sameNumber(a, b);
    }

    private static Expression row(List<Expression> row) {
        return new Expression.Sequence(":", ":", row);
    }

    private static boolean number(Expression expression) {
        return switch (expression) {
            case Expression.Value _,
                    Expression.Constant _,
                    Expression.Symbol _,
                    Expression.Call _,
                    Expression.Percent _ -> true;
            case Expression.Sequence _, Expression.Matrix _, Expression.Union _, Expression.Relation _ -> false;
        };
    }

    /// If one has a percent sign and the other has none, both readings of the sign count.
    private static boolean sameNumber(Expression a, Expression b) {
        if (a instanceof Expression.Percent percent && !(b instanceof Expression.Percent)) {
            return Scalars.equal(percent.number(), b) || Scalars.equal(a, b);
        }
        if (b instanceof Expression.Percent && !(a instanceof Expression.Percent)) {
            return sameNumber(b, a);
        }
        return Scalars.equal(a, b);
    }

    private static boolean sameSequence(Expression.Sequence a, Expression.Sequence b) {
        if (a.unordered() && b.unordered()) {
            return inAnyOrder(a.items(), b.items());
        }
        // Of two things the brackets may mean an interval; (1, 2, 3) and [1, 2, 3] are the same tuple.
        boolean brackets = (a.open().equals(b.open()) && a.close().equals(b.close()))
                || (a.items().size() > 2 && isTuple(a) && isTuple(b));
        return brackets && inOrder(a.items(), b.items());
    }

    private static boolean isTuple(Expression.Sequence sequence) {
        return (sequence.open() + sequence.close()).equals("()") || (sequence.open() + sequence.close()).equals("[]");
    }

    private static boolean sameRelation(Expression.Relation a, Expression.Relation b) {
        Expression.Sequence left = Intervals.of(a);
        Expression.Sequence right = Intervals.of(b);
        if (left != null && right != null) {
            return Objects.equals(Intervals.variable(a), Intervals.variable(b)) && sameSequence(left, right);
        }
        boolean equations = isEquation(a) && isEquation(b);
        if (equations && difference(a).constant() != difference(b).constant()) {
            return false;
        }
        if (equations && difference(a).constant()) {
            return same(a.sides().getLast(), b.sides().getLast());
        }
        if (equations && number(a.sides().getFirst()) && number(b.sides().getFirst())) {
            return inOrder(a.sides(), b.sides()) || Scalars.proportional(difference(a), difference(b));
        }
        Expression.Relation first = direction(a);
        Expression.Relation second = direction(b);
        if (!first.operators().equals(second.operators())) {
            return false;
        }
        return first.operators().equals(List.of("!="))
                ? inAnyOrder(first.sides(), second.sides())
                : inOrder(first.sides(), second.sides());
    }

    private static boolean isEquation(Expression.Relation relation) {
        return relation.operators().equals(List.of("="))
                && relation.sides().stream().allMatch(Equivalence::number);
    }

    private static Expression difference(Expression.Relation equation) {
        return LatexReader.call(
                Function.ADD,
                equation.sides().getFirst(),
                LatexReader.signed(equation.sides().getLast(), true));
    }

    /// A chain with its small side first.
    private static Expression.Relation direction(Expression.Relation relation) {
        if (!relation.operators().getFirst().startsWith(">")) {
            return relation;
        }
        List<String> turned = relation.operators().reversed().stream()
                .map(operator -> operator.replace('>', '<'))
                .toList();
        return new Expression.Relation(turned, relation.sides().reversed());
    }

    /// What a relation gives where a plain value stands on the other side: the value of `x = 5`, of `f(x) = x^2`,
    /// of `2^{10} - 1 = 1023`, the set of `x \in [0, 1]`, the interval of an inequality; null for other
    /// equations.
    private static @Nullable Expression meant(Expression.Relation relation) {
        Expression last = relation.sides().getLast();
        return switch (relation.operators().getFirst()) {
            case "=" -> {
                boolean named =
                        relation.sides().size() == 2 && isName(relation.sides().getFirst());
                boolean sum = relation.sides().stream().allMatch(Expression::constant)
                        && Scalars.equal(relation.sides().getFirst(), last);
                yield named || sum ? last : null;
            }
            case "in" -> relation.sides().size() == 2 ? last : null;
            default -> Intervals.of(relation);
        };
    }

    /// A symbol, or a product or quotient of symbols, as in `\frac{AB}{CD} = 2`.
    private static boolean isName(Expression expression) {
        if (expression instanceof Expression.Call(Function function, List<Expression> arguments)) {
            return (function == Function.MULTIPLY || function == Function.DIVIDE)
                    && arguments.stream().allMatch(Equivalence::isName);
        }
        return expression instanceof Expression.Symbol;
    }

    private static boolean inOrder(List<Expression> a, List<Expression> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean inAnyOrder(List<Expression> a, List<Expression> b) {
        if (a.size() != b.size() || a.size() > LONGEST_LIST) {
            return false;
        }
        List<Expression> left = new ArrayList<>(b);
        for (Expression one : a) {
            int found = -1;
            for (int i = 0; i < left.size() && found < 0; i++) {
                found = same(one, left.get(i)) ? i : -1;
            }
            if (found < 0) {
                return false;
            }
            left.remove(found);
        }
        return true;
    }
}
