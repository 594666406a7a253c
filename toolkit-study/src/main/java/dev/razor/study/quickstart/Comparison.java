package dev.razor.study.quickstart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The largest or the smallest of four different numbers of two digits; the choices are the four numbers. The
/// four numbers of a test question never come together in the pre-training text, in any order or wording.
final class Comparison implements Skill {

    private static final List<Integer> NUMBERS =
            IntStream.rangeClosed(10, 99).boxed().toList();

    private static final List<String> LARGEST =
            List.of("Largest of {0}:", "The biggest of {0} is", "Of {0} the largest is");
    private static final List<String> SMALLEST =
            List.of("Smallest of {0}:", "The least of {0} is", "Of {0} the smallest is");

    private final List<Question> questions = new ArrayList<>();
    private final Set<List<Integer>> heldOut = new HashSet<>();

    Comparison(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "comparison");
        List<Integer> gold = Question.goldPositions(count, draw);
        while (questions.size() < count) {
            Task task = task(draw);
            if (heldOut.add(task.key())) {
                List<String> wrong = task.numbers().stream()
                        .filter(number -> number != task.answer())
                        .map(String::valueOf)
                        .toList();
                questions.add(Question.withGoldAt(
                        gold.get(questions.size()),
                        task.wording(draw),
                        String.valueOf(task.answer()),
                        draw.shuffled(wrong)));
            }
        }
    }

    @Override
    public String name() {
        return "comparison";
    }

    @Override
    public String description() {
        return "largest or smallest of four numbers of two digits; the set of four is held out";
    }

    @Override
    public List<Question> questions() {
        return List.copyOf(questions);
    }

    @Override
    public String document(SplitMix64 draw) {
        Task task = task(draw);
        while (heldOut.contains(task.key())) {
            task = task(draw);
        }
        return task.wording(draw) + " " + task.answer();
    }

    private static Task task(SplitMix64 draw) {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < Question.CHOICES) {
            Integer number = draw.pick(NUMBERS);
            if (!numbers.contains(number)) {
                numbers.add(number);
            }
        }
        return new Task(numbers, draw.nextInt(2) == 0);
    }

    private record Task(List<Integer> numbers, boolean isLargest) {

        List<Integer> key() {
            return numbers.stream().sorted().toList();
        }

        int answer() {
            return isLargest ? key().getLast() : key().getFirst();
        }

        String wording(SplitMix64 draw) {
            return Phrases.fill(draw.pick(isLargest ? LARGEST : SMALLEST), Phrases.joined(", ", numbers));
        }
    }
}
