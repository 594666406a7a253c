package dev.razor.study.quickstart;

import java.util.List;

/// Common English words: pairs of opposites, and kinds of things with ten members each. No word stands in two
/// places.
final class Vocabulary {

    /// @param name the word for the kind
    record Kind(String name, List<String> members) {

        static Kind of(String name, String members) {
            return new Kind(name, List.of(members.split(" ", -1)));
        }
    }

    static final List<List<String>> OPPOSITES = List.of(
            List.of("hot", "cold"),
            List.of("big", "small"),
            List.of("fast", "slow"),
            List.of("high", "low"),
            List.of("hard", "soft"),
            List.of("wet", "dry"),
            List.of("rich", "poor"),
            List.of("young", "old"),
            List.of("early", "late"),
            List.of("open", "shut"),
            List.of("full", "empty"),
            List.of("light", "dark"),
            List.of("loud", "quiet"),
            List.of("clean", "dirty"),
            List.of("strong", "weak"),
            List.of("thick", "thin"),
            List.of("wide", "narrow"),
            List.of("near", "far"),
            List.of("happy", "sad"),
            List.of("sweet", "bitter"),
            List.of("sharp", "blunt"),
            List.of("smooth", "rough"),
            List.of("deep", "shallow"),
            List.of("brave", "afraid"),
            List.of("wise", "foolish"),
            List.of("good", "bad"),
            List.of("right", "wrong"),
            List.of("true", "false"),
            List.of("alive", "dead"),
            List.of("awake", "asleep"),
            List.of("first", "last"),
            List.of("always", "never"),
            List.of("above", "below"),
            List.of("inside", "outside"),
            List.of("before", "after"),
            List.of("up", "down"),
            List.of("come", "go"),
            List.of("push", "pull"),
            List.of("begin", "end"),
            List.of("win", "lose"),
            List.of("buy", "sell"),
            List.of("give", "take"),
            List.of("love", "hate"),
            List.of("laugh", "cry"),
            List.of("rise", "fall"),
            List.of("day", "night"),
            List.of("summer", "winter"),
            List.of("north", "south"),
            List.of("east", "west"),
            List.of("friend", "enemy"));

    static final List<Kind> KINDS = List.of(
            Kind.of("animal", "dog cat horse sheep rabbit mouse tiger snake camel donkey"),
            Kind.of("fruit", "apple pear plum cherry banana lemon grape melon peach mango"),
            Kind.of("color", "red blue green yellow brown purple white black pink gray"),
            Kind.of("metal", "iron copper tin lead zinc steel silver gold brass nickel"),
            Kind.of("drink", "water milk tea coffee juice beer wine cider cocoa lemonade"),
            Kind.of("number", "one two three four five six seven eight nine ten"),
            Kind.of("tool", "hammer saw drill axe spade wrench chisel rake shovel pliers"),
            Kind.of("month", "January February March April June July August October November December"),
            Kind.of("sport", "tennis football hockey golf rugby boxing rowing judo cricket polo"),
            Kind.of("tree", "oak pine birch maple willow elm beech cedar poplar spruce"));

    private Vocabulary() {}
}
