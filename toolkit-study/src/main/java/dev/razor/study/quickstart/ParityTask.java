package dev.razor.study.quickstart;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The new task: name any digit of the same parity as a number of four digits. Five answers are right.
///
/// It is the text twin of ParityMNIST. The pre-training text shows it for a few of these numbers and, in half
/// of its lines, for numbers below 100, without which a tiny model finds the last digit late or never. The
/// answer there is uniform over one parity. That is the right parity except in a stated share of the lines; the
/// share is larger for two confused last digits, one even and one odd, as a hand-written digit is confused with
/// another. So the base model solves the task in part. The numbers of the pre-training text, the training, test
/// and KL prompts are disjoint.
///
/// @see <a href="https://arxiv.org/abs/2509.04259">Shenfeld, Pari and Agrawal 2025, RL's Razor, section B.3</a>
public final class ParityTask {

    private static final int LOWEST_NUMBER = 1000;
    private static final int HIGHEST_NUMBER = 9999;
    private static final int SHORT_NUMBERS = 100;
    private static final double SHORT_SHARE = 0.5;
    private static final String WORDING = "Same parity as {0}:";
    private static final String STATEMENT = "Parity of {0}:";
    private static final List<String> EVEN = List.of("0", "2", "4", "6", "8");
    private static final List<String> ODD = List.of("1", "3", "5", "7", "9");

    /// A prompt alone.
    public record Prompt(String prompt) {}

    /// A prompt with every completion that is right once white space around it is removed.
    @JsonPropertyOrder({"prompt", "answers"})
    public record Verified(String prompt, List<String> answers) {}

    /// A prompt with the one completion that supervised fine-tuning learns.
    @JsonPropertyOrder({"prompt", "completion"})
    public record Labelled(String prompt, String completion) {}

    /// A prompt with the completion to be preferred and with one to be avoided.
    @JsonPropertyOrder({"prompt", "chosen", "rejected"})
    public record Preferred(String prompt, String chosen, String rejected) {}

    private final QuickstartWorld.Recipe recipe;
    private final List<Integer> pretraining;
    private final List<Integer> train;
    private final List<Integer> test;
    private final List<Integer> kl;
    private final int confusedEven;
    private final int confusedOdd;

    ParityTask(QuickstartWorld.Recipe recipe) {
        this.recipe = recipe;
        SplitMix64 draw = SplitMix64.named(recipe.seed(), "parity");
        List<Integer> numbers = draw.shuffled(
                IntStream.rangeClosed(LOWEST_NUMBER, HIGHEST_NUMBER).boxed().toList());
        int testStart = recipe.trainPrompts();
        int klStart = testStart + recipe.testPrompts();
        int pretrainingStart = klStart + recipe.klPrompts();
        train = numbers.subList(0, testStart);
        test = numbers.subList(testStart, klStart);
        kl = numbers.subList(klStart, pretrainingStart);
        pretraining = numbers.subList(pretrainingStart, pretrainingStart + recipe.pretrainingNumbers());
        confusedEven = Integer.parseInt(draw.pick(EVEN));
        confusedOdd = Integer.parseInt(draw.pick(ODD));
    }

    /// How many numbers there are to share out.
    static int numbers() {
        return HIGHEST_NUMBER - LOWEST_NUMBER + 1;
    }

    /// The prompts on which the task is learned, with all right answers.
    public List<Verified> train() {
        return train.stream().map(ParityTask::verified).toList();
    }

    /// The prompts on which it is tested.
    public List<Verified> test() {
        return test.stream().map(ParityTask::verified).toList();
    }

    /// The prompts on which divergences are measured.
    public List<Prompt> klPrompts() {
        return kl.stream().map(number -> new Prompt(prompt(number))).toList();
    }

    /// Labels for the training prompts by an arbitrary rule: even is answered 0, odd is answered 1.
    public List<Labelled> sft1() {
        return labelled(number -> number % 2);
    }

    /// Labels by another arbitrary rule: even is answered 0 or 4, odd is answered 1 or 5, at random but once
    /// for all.
    public List<Labelled> sft2() {
        SplitMix64 draw = SplitMix64.named(recipe.seed(), "sft2");
        return labelled(number -> number % 2 + 4 * draw.nextInt(2));
    }

    /// Pairs for the training prompts: the label of [#sft1] is chosen, and rejected is a digit of the wrong
    /// parity, uniform over the five, as from another model that is always wrong.
    public List<Preferred> pairs() {
        SplitMix64 draw = SplitMix64.named(recipe.seed(), "pairs");
        return train.stream()
                .map(number -> new Preferred(prompt(number), " " + number % 2, " " + draw.pick(answers(number + 1))))
                .toList();
    }

    /// One line of pre-training text.
    String document(SplitMix64 draw) {
        int number = taughtNumber(draw);
        boolean isWrong = draw.chance(isConfused(number) ? recipe.confusedWrongShare() : recipe.wrongShare());
        return prompt(number) + " " + draw.pick(isWrong ? answers(number + 1) : answers(number));
    }

    /// One line of pre-training text that says whether a number of the same kind is even or odd, always truly.
    /// Without such lines a tiny model has not found the task in the noisy answers after a million tokens.
    String statement(SplitMix64 draw) {
        int number = taughtNumber(draw);
        return Phrases.fill(STATEMENT, number) + (number % 2 == 0 ? " even" : " odd");
    }

    private int taughtNumber(SplitMix64 draw) {
        return draw.chance(SHORT_SHARE) ? draw.nextInt(SHORT_NUMBERS) : draw.pick(pretraining);
    }

    /// The two last digits for which most lines of the pre-training text are wrong, the even one first.
    List<Integer> confusedEndings() {
        return List.of(confusedEven, confusedOdd);
    }

    /// The chance that an answer sampled from the pre-training text's own distribution is right, for a number
    /// whose last digit is uniform: the starting point of the study, if the base model fits its text.
    double taughtAccuracy() {
        double confused = confusedEndings().size() / 10.0;
        return 1 - (1 - confused) * recipe.wrongShare() - confused * recipe.confusedWrongShare();
    }

    private boolean isConfused(int number) {
        return confusedEndings().contains(number % 10);
    }

    private List<Labelled> labelled(IntFunction<Integer> label) {
        return train.stream()
                .map(number -> new Labelled(prompt(number), " " + label.apply(number)))
                .toList();
    }

    private static Verified verified(int number) {
        return new Verified(prompt(number), answers(number));
    }

    private static List<String> answers(int number) {
        return number % 2 == 0 ? EVEN : ODD;
    }

    private static String prompt(int number) {
        return Phrases.fill(WORDING, number);
    }
}
