package dev.razor.study.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// A list of four different digits, said again or said backwards. The list of a test question stands in no line
/// of the pre-training text before its answer, in any wording.
///
/// The wrong choices swap the first pair of a split of the four places in two, the second pair, or both; the
/// right answer is one of the four alike.
final class DigitLists implements Skill {

    private static final int LENGTH = 4;

    private static final List<Integer> DIGITS = IntStream.range(0, 10).boxed().toList();

    private static final List<String> BACKWARDS = List.of("Reverse {0}:", "{0} backwards is", "The reverse of {0} is");
    private static final List<String> AGAIN = List.of("Copy {0}:", "{0} again is", "A copy of {0} is");

    /// The three ways to split four places into two pairs.
    private static final List<int[]> SPLITS =
            List.of(new int[] {0, 1, 2, 3}, new int[] {0, 2, 1, 3}, new int[] {0, 3, 1, 2});

    private final List<Question> questions = new ArrayList<>();
    private final Set<List<Integer>> heldOut = new HashSet<>();

    DigitLists(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "lists");
        List<Integer> gold = Question.goldPositions(count, draw);
        while (questions.size() < count) {
            List<Integer> list = draw.sample(DIGITS, LENGTH);
            if (heldOut.add(list)) {
                boolean isBackwards = draw.nextInt(2) == 0;
                List<Integer> answer = answer(list, isBackwards);
                questions.add(Question.withGoldAt(
                        gold.get(questions.size()),
                        wording(list, isBackwards, draw),
                        text(answer),
                        wrong(answer, draw)));
            }
        }
    }

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public String description() {
        return "four different digits, copied or reversed; the list is held out";
    }

    @Override
    public List<Question> questions() {
        return List.copyOf(questions);
    }

    @Override
    public String document(SplitMix64 draw) {
        List<Integer> list = draw.sample(DIGITS, LENGTH);
        while (heldOut.contains(list)) {
            list = draw.sample(DIGITS, LENGTH);
        }
        boolean isBackwards = draw.nextInt(2) == 0;
        return wording(list, isBackwards, draw) + " " + text(answer(list, isBackwards));
    }

    private static List<Integer> answer(List<Integer> list, boolean isBackwards) {
        return isBackwards ? list.reversed() : list;
    }

    private static String wording(List<Integer> list, boolean isBackwards, SplitMix64 draw) {
        return Phrases.fill(draw.pick(isBackwards ? BACKWARDS : AGAIN), text(list));
    }

    private static List<String> wrong(List<Integer> answer, SplitMix64 draw) {
        int[] split = draw.pick(SPLITS);
        List<Integer> first = swapped(answer, split[0], split[1]);
        List<Integer> second = swapped(answer, split[2], split[3]);
        List<Integer> both = swapped(first, split[2], split[3]);
        return draw.shuffled(List.of(text(first), text(second), text(both)));
    }

    private static List<Integer> swapped(List<Integer> list, int i, int j) {
        List<Integer> result = new ArrayList<>(list);
        result.set(i, list.get(j));
        result.set(j, list.get(i));
        return result;
    }

    private static String text(List<Integer> list) {
        return Phrases.joined(" ", list);
    }
}
