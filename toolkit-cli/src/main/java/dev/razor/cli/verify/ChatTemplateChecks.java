package dev.razor.cli.verify;

/// `chat_template.json`: conversations as text, and the ids of that text.
final class ChatTemplateChecks {

    private ChatTemplateChecks() {}

    static void check(Subject subject, Judge judge) {
        Differences texts = new Differences();
        Differences ids = new Differences();
        for (GoldenValue one : subject.json("chat_template.json").get("cases").list()) {
            String name = one.get("name").text();
            String expected = one.get("text").text();
            texts.compare(
                    name,
                    Conversations.render(
                            subject,
                            one.get("messages"),
                            one.has("tools") ? one.get("tools") : null,
                            one.get("add_generation_prompt").flag()),
                    expected);
            ids.compare(
                    name, subject.tokenizer().encode(expected), one.get("ids").integers());
        }
        judge.exact("chat_template.text", texts);
        judge.exact("chat_template.ids", ids);
    }
}
