package dev.razor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DocumentTest {

    private static final Document DOCUMENT = new Document(
            "About sums.\n\n",
            List.of(new Example("1+1?", "2"), new Example("1+2?", "3")),
            List.of(new Choice("2+2?", "4"), new Choice("2+2?", "5")),
            List.of(0));

    @Test
    void requests_inPlainTextFollowOneAnother() {
        assertThat(DOCUMENT.requests(new PromptStyle.Plain()))
                .containsExactly(
                        new TextRequest("About sums.\n\n1+1? 2\n\n1+2? 3\n\n2+2?", " 4"),
                        new TextRequest("About sums.\n\n1+1? 2\n\n1+2? 3\n\n2+2?", " 5"));
    }

    @Test
    void requests_inChatAreTurns() {
        var style = new PromptStyle.Chat(messages -> messages.stream()
                .map(message -> message.role().charAt(0) + ":" + message.content())
                .collect(Collectors.joining("|")));

        assertThat(DOCUMENT.requests(style))
                .extracting(TextRequest::context)
                .containsOnly("s:About sums.\n\n|u:1+1?|a:2|u:1+2?|a:3|u:2+2?");
        assertThat(DOCUMENT.requests(style))
                .extracting(TextRequest::continuation)
                .containsExactly("4", "5");
        assertThat(Document.of("2+2?", List.of("4", "5"), List.of(0)).requests(style))
                .as("no description, no system message")
                .extracting(TextRequest::context)
                .containsOnly("u:2+2?");
    }

    @Test
    void constructor_checksGoldAndChoices() {
        assertThatIllegalArgumentException().isThrownBy(() -> Document.of("q", List.of("a"), List.of(0)));
        assertThatIllegalArgumentException().isThrownBy(() -> Document.of("q", List.of("a", "b"), List.of(2)));
        assertThatIllegalArgumentException().isThrownBy(() -> Document.of("q", List.of("a", "b"), List.of()));
    }
}
