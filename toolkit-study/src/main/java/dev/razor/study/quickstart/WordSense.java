package dev.razor.study.quickstart;

import dev.razor.core.base.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The opposite or the kind of a common English word. Each word has one wording in which the pre-training text
/// never answers for it, though it does for other words; the test asks in it.
final class WordSense implements Skill {

    private static final List<String> OPPOSITE_WORDINGS = List.of(
            "The opposite of {0} is",
            "Opposite of {0}:", "{0} is the reverse of", "If it is not {0} it is", "The contrary of {0} is");
    private static final List<String> KIND_WORDINGS = List.of(
            "The word {0} names a kind of",
            "Kind of {0}:",
            "{0} belongs under the heading",
            "What is {0}? Some sort of",
            "In the list {0} stands under");

    /// Wrong opposites come from as many words as this that are nearest to each other in length.
    private static final int LENGTH_GROUP = 10;

    private final List<Question> questions;
    private final List<Entry> entries;

    WordSense(long seed, int count) {
        SplitMix64 draw = SplitMix64.named(seed, "words");
        List<Entry> all = new ArrayList<>(opposites(draw));
        all.addAll(kinds(draw));
        entries = List.copyOf(all);
        Check.that(count <= entries.size(), "words: there are %d entries, got %d questions", entries.size(), count);
        List<Integer> gold = Question.goldPositions(count, draw);
        List<Entry> asked = draw.sample(entries, count);
        List<Question> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Entry entry = asked.get(i);
            List<String> others = entry.pool().stream()
                    .filter(word -> !word.equals(entry.answer()) && !word.equals(entry.word()))
                    .toList();
            result.add(Question.withGoldAt(
                    gold.get(i),
                    entry.wording(entry.heldOutWording()),
                    entry.answer(),
                    draw.sample(others, Question.CHOICES - 1)));
        }
        questions = List.copyOf(result);
    }

    @Override
    public String name() {
        return "words";
    }

    @Override
    public String description() {
        return "opposite or kind of a common word; one wording of each word is held out";
    }

    @Override
    public List<Question> questions() {
        return questions;
    }

    @Override
    public String document(SplitMix64 draw) {
        Entry entry = draw.pick(entries);
        int wording = draw.nextInt(entry.wordings().size() - 1);
        return entry.wording(wording < entry.heldOutWording() ? wording : wording + 1) + " " + entry.answer();
    }

    private static List<Entry> opposites(SplitMix64 draw) {
        List<String> byLength = Vocabulary.OPPOSITES.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingInt(String::length))
                .toList();
        List<Entry> entries = new ArrayList<>();
        for (List<String> pair : Vocabulary.OPPOSITES) {
            entries.add(opposite(pair.getFirst(), pair.getLast(), byLength, draw));
            entries.add(opposite(pair.getLast(), pair.getFirst(), byLength, draw));
        }
        return entries;
    }

    private static Entry opposite(String word, String answer, List<String> byLength, SplitMix64 draw) {
        int group = byLength.indexOf(answer) / LENGTH_GROUP * LENGTH_GROUP;
        List<String> pool = byLength.subList(group, Math.min(group + LENGTH_GROUP, byLength.size()));
        return new Entry(word, answer, pool, OPPOSITE_WORDINGS, draw.nextInt(OPPOSITE_WORDINGS.size()));
    }

    private static List<Entry> kinds(SplitMix64 draw) {
        List<String> pool = Vocabulary.KINDS.stream().map(Vocabulary.Kind::name).toList();
        List<Entry> entries = new ArrayList<>();
        for (Vocabulary.Kind kind : Vocabulary.KINDS) {
            for (String member : kind.members()) {
                entries.add(new Entry(member, kind.name(), pool, KIND_WORDINGS, draw.nextInt(KIND_WORDINGS.size())));
            }
        }
        return entries;
    }

    /// @param pool the words that may stand beside the answer, itself included
    private record Entry(String word, String answer, List<String> pool, List<String> wordings, int heldOutWording) {

        String wording(int index) {
            return Phrases.fill(wordings.get(index), word);
        }
    }
}
