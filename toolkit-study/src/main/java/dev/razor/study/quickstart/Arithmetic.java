package dev.razor.study.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Sums and differences of a number up to 80 and a number up to 19. A test question's operands (for a sum in
/// either order) never meet under that sign in the pre-training text, in any wording.
final class Arithmetic implements Skill {

    private static final int HIGHEST_LEFT = 80;
    private static final int HIGHEST_RIGHT = 19;

    private static final List<String> SUMS =
            List.of("{0} + {1} =", "{0} plus {1} is", "Add {0} and {1}:", "The sum of {0} and {1} is");
    private static final List<String> DIFFERENCES =
            List.of("{0} - {1} =", "{0} minus {1} is", "Take {1} from {0}:", "{0} less {1} is");

    private final List<Question> questions;
    private final List<Problem> taught;

    Arithmetic(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "arithmetic");
        List<Problem> problems = problems();
        List<Problem> heldOut = draw.sample(
                problems.stream()
                        .filter(problem -> problem.isOrdered() && TwoDigits.isAskable(problem.result()))
                        .toList(),
                count);
        Set<Problem> excluded = new HashSet<>(heldOut);
        taught = problems.stream()
                .filter(problem -> !excluded.contains(problem.ordered()))
                .toList();
        List<Integer> gold = Question.goldPositions(count, draw);
        List<Question> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Problem problem = heldOut.get(i);
            asked.add(Question.withGoldAt(
                    gold.get(i),
                    problem.wording(draw),
                    String.valueOf(problem.result()),
                    TwoDigits.wrongAnswers(problem.result(), draw)));
        }
        questions = List.copyOf(asked);
    }

    @Override
    public String name() {
        return "arithmetic";
    }

    @Override
    public String description() {
        return "sum or difference of a number up to %s and one up to %s; the pair of operands is held out"
                .formatted(HIGHEST_LEFT, HIGHEST_RIGHT);
    }

    @Override
    public List<Question> questions() {
        return questions;
    }

    @Override
    public String document(SplitMix64 draw) {
        Problem problem = draw.pick(taught);
        return problem.wording(draw) + " " + problem.result();
    }

    private static List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (int left = 1; left <= HIGHEST_LEFT; left++) {
            for (int right = 1; right <= HIGHEST_RIGHT; right++) {
                problems.add(new Problem(left, true, right));
                if (left > right) {
                    problems.add(new Problem(left, false, right));
                }
            }
        }
        return problems;
    }

    private record Problem(int left, boolean isSum, int right) {

        int result() {
            return isSum ? left + right : left - right;
        }

        boolean isOrdered() {
            return left >= right;
        }

        /// The problem that stands for this one and, for a sum, for its mirror image.
        Problem ordered() {
            return isOrdered() ? this : new Problem(/* left= */ right, isSum, /* right= */ left);
        }

        String wording(SplitMix64 draw) {
            return Phrases.fill(draw.pick(isSum ? SUMS : DIFFERENCES), left, right);
        }
    }
}
