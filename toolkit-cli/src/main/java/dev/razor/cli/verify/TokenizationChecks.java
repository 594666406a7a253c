package dev.razor.cli.verify;

import dev.razor.core.tokenizer.Tokenizer;

/// `tokenization.json`, `prompts.json`, `greedy.json`: texts to ids and ids to text.
final class TokenizationChecks {

    private TokenizationChecks() {}

    static void check(Subject subject, Judge judge) {
        Tokenizer tokenizer = subject.tokenizer();
        Differences ids = new Differences();
        Differences decoded = new Differences();
        Differences skipped = new Differences();
        for (GoldenValue one : subject.json("tokenization.json").get("cases").list()) {
            int[] expected = one.get("ids").integers();
            ids.compare(one.where(), tokenizer.encode(one.get("text").text()), expected);
            decoded.compare(
                    one.where(), tokenizer.decode(expected), one.get("decoded").text());
            skipped.compare(
                    one.where(),
                    tokenizer.decode(expected, true),
                    one.get("decoded_skip_special_tokens").text());
        }
        judge.exact("tokenization.ids", ids);
        judge.exact("tokenization.decoded", decoded);
        judge.exact("tokenization.decoded_without_special", skipped);
        judge.attempt("tokenization.prompts", () -> prompts(subject, judge));
        judge.attempt("tokenization.continuations", () -> continuations(subject, judge));
    }

    private static void prompts(Subject subject, Judge judge) {
        Differences found = new Differences();
        for (GoldenValue prompt : subject.json("prompts.json").get("prompts").list()) {
            int[] ids = prompt.get("ids").integers();
            found.compare(
                    prompt.where(),
                    subject.tokenizer().encode(prompt.get("text").text()),
                    ids);
            if (prompt.has("messages")) {
                String text = Conversations.render(subject, prompt.get("messages"), null, true);
                found.compare(
                        prompt.where() + ".messages", text, prompt.get("text").text());
            }
        }
        judge.exact("tokenization.prompts", found);
    }

    private static void continuations(Subject subject, Judge judge) {
        Differences found = new Differences();
        for (GoldenValue one : subject.json("greedy.json").get("continuations").list()) {
            if (one.has("text")) {
                int[] ids = one.get("ids").integers();
                found.compare(
                        one.where(),
                        subject.tokenizer().decode(ids),
                        one.get("text").text());
            }
        }
        if (found.compared() > 0) {
            judge.exact("tokenization.continuations", found);
        }
    }
}
