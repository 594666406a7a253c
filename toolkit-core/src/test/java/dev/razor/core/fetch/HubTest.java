package dev.razor.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HubTest {

    @Test
    void theToken_isForTheEndpointAlone() {
        Hub hub = FetchCase.hub("https://hub.example/", " hf_x\n");
        assertThat(hub.endpoint()).isEqualTo(URI.create("https://hub.example"));
        assertThat(hub.authorization(URI.create("https://hub.example:443/a"))).contains("Bearer hf_x");
        assertThat(hub.authorization(URI.create("https://HUB.example/a"))).contains("Bearer hf_x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub.example/a",
                "https://hub.example:8443/a",
                "https://cdn.hub.example/a",
                "https://hub.example.evil.example/a",
                "https://evil.example/hub.example",
                "https://hub.example@evil.example/"
            })
    void otherPlaces_doNotGetIt(String address) {
        assertThat(FetchCase.hub("https://hub.example", "hf_x").authorization(URI.create(address)))
                .isEmpty();
    }

    @Test
    void overHttp_itStaysOnThisMachine() {
        assertThat(FetchCase.hub("http://mirror.example", "hf_x").authorization(URI.create("http://mirror.example/a")))
                .isEmpty();
        assertThat(FetchCase.hub("http://127.0.0.1:80", "hf_x").authorization(URI.create("http://127.0.0.1/a")))
                .isPresent();
    }

    @Test
    void mistakes_areToldWithoutTheSecret() {
        assertThatThrownBy(() -> FetchCase.hub("https://h", "hf x\u0007"))
                .hasMessage("HF_TOKEN: holds a space or a character that no token has; copy it again");
        assertThatThrownBy(() -> FetchCase.hub("https://user:secret@h", null))
                .hasMessageContaining("HF_ENDPOINT")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> FetchCase.hub("http://localhost:99999", null))
                .hasMessage(
                        "HF_ENDPOINT: expected an address such as https://huggingface.co, got http://localhost:99999");
        assertThatThrownBy(() -> FetchCase.hub("hub.example", null))
                .hasMessage("HF_ENDPOINT: expected an address such as https://huggingface.co, got hub.example");
    }
}
