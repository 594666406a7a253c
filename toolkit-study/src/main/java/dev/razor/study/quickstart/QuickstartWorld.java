package dev.razor.study.quickstart;

import dev.razor.core.base.Check;
import java.util.List;
import java.util.stream.Stream;

/// The whole generated world: its skills, its new task, and the text that teaches them to a base model.
public final class QuickstartWorld {

    /// Everything the world is made from.
    ///
    /// @param seed decides the facts, what is held out and how numbers are shared out
    /// @param questions test questions a skill, at most 200
    /// @param trainPrompts prompts on which the new task is learned
    /// @param testPrompts prompts on which it is tested
    /// @param klPrompts prompts on which divergences are measured
    /// @param pretrainingNumbers numbers of four digits for which the pre-training text shows the new task
    /// @param wrongShare share of wrong answers in that text
    /// @param confusedWrongShare the same for numbers that end in one of the two confused digits
    public record Recipe(
            long seed,
            int questions,
            int trainPrompts,
            int testPrompts,
            int klPrompts,
            int pretrainingNumbers,
            double wrongShare,
            double confusedWrongShare) {

        public Recipe {
            Check.that(questions > 0, "questions must be positive, got %d", questions);
            Check.that(trainPrompts > 0, "trainPrompts must be positive, got %d", trainPrompts);
            Check.that(testPrompts > 0, "testPrompts must be positive, got %d", testPrompts);
            Check.that(klPrompts > 0, "klPrompts must be positive, got %d", klPrompts);
            Check.that(pretrainingNumbers > 0, "pretrainingNumbers must be positive, got %d", pretrainingNumbers);
            long wanted = (long) trainPrompts + testPrompts + klPrompts + pretrainingNumbers;
            Check.that(
                    wanted <= ParityTask.numbers(),
                    "prompts and pretrainingNumbers need %d numbers, there are %d",
                    wanted,
                    ParityTask.numbers());
            Check.that(isShare(wrongShare), "wrongShare must lie in [0, 1], got %s", wrongShare);
            Check.that(
                    isShare(confusedWrongShare), "confusedWrongShare must lie in [0, 1], got %s", confusedWrongShare);
        }

        /// The recipe of the quick-start study.
        public static Recipe standard() {
            return new Recipe(20260101, 200, 1200, 300, 200, 800, 0.05, 0.75);
        }

        private static boolean isShare(double value) {
            return value >= 0 && value <= 1;
        }
    }

    private final Recipe recipe;
    private final List<Skill> skills;
    private final ParityTask task;
    private final Mixture mixture;

    public QuickstartWorld(Recipe recipe) {
        this.recipe = recipe;
        long seed = recipe.seed();
        int questions = recipe.questions();
        Arithmetic arithmetic = new Arithmetic(seed, questions);
        Counting counting = new Counting(seed, questions);
        Facts facts = new Facts(seed, questions);
        WordSense words = new WordSense(seed, questions);
        Comparison comparison = new Comparison(seed, questions);
        DigitLists lists = new DigitLists(seed, questions);
        skills = List.of(arithmetic, counting, facts, words, comparison, lists);
        task = new ParityTask(recipe);
        mixture = new Mixture(List.of(
                new Mixture.Part("arithmetic", 30, arithmetic::document),
                new Mixture.Part("counting", 18, counting::document),
                new Mixture.Part("facts", 11, facts::document),
                new Mixture.Part("words", 7, words::document),
                new Mixture.Part("comparison", 10, comparison::document),
                new Mixture.Part("lists", 10, lists::document),
                new Mixture.Part("parity", 20, task::document),
                new Mixture.Part("even or odd", 14, task::statement)));
    }

    public Recipe recipe() {
        return recipe;
    }

    /// The skills whose loss the study measures.
    public List<Skill> skills() {
        return skills;
    }

    /// The task that the study teaches.
    public ParityTask task() {
        return task;
    }

    /// The parts of the pre-training text.
    Mixture mixture() {
        return mixture;
    }

    /// Endless pre-training text, one document a line, without line ends. `seed` draws lines; it does not
    /// change what they may say.
    public Stream<String> documents(long seed) {
        SplitMix64 draw = SplitMix64.named(seed, "documents");
        return Stream.generate(() -> mixture.document(draw));
    }

    /// The first `count` of [#documents].
    public List<String> pretrainingTexts(long seed, int count) {
        return documents(seed).limit(count).toList();
    }
}
