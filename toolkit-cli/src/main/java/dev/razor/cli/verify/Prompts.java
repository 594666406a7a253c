package dev.razor.cli.verify;

import dev.razor.core.base.DataException;
import java.util.List;

/// `prompts.json`: the prompts of `logprobs.json` and `greedy.json`.
final class Prompts {

    private Prompts() {}

    /// The token ids of each prompt, at least one prompt of at least one token.
    static List<int[]> read(Subject subject) {
        GoldenValue list = subject.json("prompts.json").get("prompts");
        List<int[]> prompts =
                list.list().stream().map(each -> subject.ids(each.get("ids"))).toList();
        if (prompts.isEmpty() || prompts.stream().anyMatch(ids -> ids.length == 0)) {
            throw new DataException(
                    "%s: needs prompts of at least one token; restore the file".formatted(list.where()));
        }
        return prompts;
    }
}
