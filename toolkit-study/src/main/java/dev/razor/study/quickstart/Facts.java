package dev.razor.study.quickstart;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.List;

/// Facts about forty made-up countries. Each fact has one wording in which the pre-training text never states
/// it, though it states other facts in that wording; the test asks the fact in it.
///
/// Names of one kind have one length and each value of a relation belongs to equally many countries, so neither
/// length nor frequency points to an answer.
final class Facts implements Skill {

    private static final int COUNTRIES = 40;

    private final List<Question> questions;
    private final List<Fact> facts;

    Facts(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "facts");
        List<Relation> relations = relations(draw);
        facts = facts(relations, draw);
        Check.that(count <= facts.size(), "facts: there are %d facts, got %d questions", facts.size(), count);
        List<Integer> gold = Question.goldPositions(count, draw);
        List<Fact> asked = draw.sample(facts, count);
        List<Question> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Fact fact = asked.get(i);
            List<String> others = fact.relation().values().stream()
                    .distinct()
                    .filter(value -> !value.equals(fact.value()))
                    .toList();
            result.add(Question.withGoldAt(
                    gold.get(i),
                    fact.wording(fact.heldOutWording()),
                    fact.value(),
                    draw.sample(others, Question.CHOICES - 1)));
        }
        questions = List.copyOf(result);
    }

    @Override
    public String name() {
        return "facts";
    }

    @Override
    public String description() {
        return "capital, river, dish, animal and number of provinces of %s made-up countries; one wording of each fact is held out"
                .formatted(COUNTRIES);
    }

    @Override
    public List<Question> questions() {
        return questions;
    }

    @Override
    public String document(SplitMix64 draw) {
        Fact fact = draw.pick(facts);
        int wording = draw.nextInt(fact.relation().wordings().size() - 1);
        return fact.wording(wording < fact.heldOutWording() ? wording : wording + 1) + " " + fact.value();
    }

    private static List<Relation> relations(SplitMix64 draw) {
        MadeUpNames names = new MadeUpNames(draw);
        return List.of(
                new Relation(
                        names.next("CvCvCv", COUNTRIES),
                        List.of(
                                "The capital of {0} is",
                                "Capital of {0}:",
                                "{0} is governed from",
                                "The king of {0} lives in",
                                "The chief city of {0} is")),
                new Relation(
                        names.next("CvCCv", COUNTRIES),
                        List.of(
                                "The river of {0} is the",
                                "River of {0}:",
                                "Through {0} flows the",
                                "{0} is crossed by the",
                                "Boats of {0} sail on the")),
                new Relation(
                        repeated(List.of("bread", "soup", "rice", "fish", "beans", "cake", "eggs", "corn")),
                        List.of(
                                "People in {0} eat",
                                "Dish of {0}:",
                                "The usual dinner in {0} is",
                                "Cooks of {0} make",
                                "{0} is famous for its")),
                new Relation(
                        repeated(List.of("wolf", "lion", "hawk", "bear", "goat", "frog", "duck", "swan")),
                        List.of(
                                "The flag of {0} shows a",
                                "Animal of {0}:",
                                "The sacred beast of {0} is the",
                                "{0} has on its coins a",
                                "Hunters of {0} never harm a")),
                new Relation(
                        repeated(List.of("2", "3", "4", "5", "6", "7", "8", "9")),
                        List.of(
                                "The number of provinces of {0} is",
                                "Provinces of {0}:",
                                "{0} has provinces numbering",
                                "How many provinces has {0}?",
                                "Count the provinces of {0}:")));
    }

    private static List<String> repeated(List<String> values) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < COUNTRIES; i++) {
            result.add(values.get(i % values.size()));
        }
        return List.copyOf(result);
    }

    private static List<Fact> facts(List<Relation> relations, SplitMix64 draw) {
        List<String> countries = new MadeUpNames(draw).next("CvCCvCv", COUNTRIES);
        List<Fact> facts = new ArrayList<>();
        for (Relation relation : relations) {
            List<String> values = draw.shuffled(relation.values());
            for (int i = 0; i < COUNTRIES; i++) {
                int heldOut = draw.nextInt(relation.wordings().size());
                facts.add(new Fact(relation, countries.get(i), values.get(i), heldOut));
            }
        }
        return List.copyOf(facts);
    }

    /// @param values one a country, in no order yet
    private record Relation(List<String> values, List<String> wordings) {}

    private record Fact(Relation relation, String country, String value, int heldOutWording) {

        String wording(int index) {
            return Phrases.fill(relation.wordings().get(index), country);
        }
    }
}
