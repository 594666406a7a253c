package dev.razor.core.pretrained;

import static org.assertj.core.api.Assertions.assertThat;

import dev.razor.core.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ModelCardTest {

    @TempDir
    private Path directory;

    private static ModelCard card(String output, Instant start, String... commandLine) {
        ObjectNode config = JsonMapper.shared().createObjectNode();
        config.put("model", "bases/tiny").put("output", output).put("learning_rate", 1e-5);
        Provenance provenance = new Provenance(
                "1.0", "abc123", "25", "Linux 6 amd64", "a cpu", 2, "2.7.1", List.of(commandLine), start);
        return new ModelCard(
                "sft",
                false,
                "tiny",
                "f00d",
                List.of(new ModelCard.DataFile("a.jsonl", "beef")),
                30,
                config,
                provenance);
    }

    private static ModelCard card() {
        return card("runs/a", Instant.EPOCH, "sft", "a.yaml");
    }

    @Test
    void render_hasTheFrontMatterThatTheHubReads() {
        String card = card().render();
        String[] parts = card.split("(?m)^---$", -1);
        assertThat(parts[0]).isEmpty();
        JsonNode front = YAMLMapper.shared().readTree(parts[1]);
        assertThat(front.path("base_model").asString()).isEqualTo("tiny");
        assertThat(front.path("library_name").asString()).isEqualTo("transformers");
        assertThat(front.path("pipeline_tag").asString()).isEqualTo("text-generation");
        assertThat(front.path("tags").valueStream().map(JsonNode::asString)).containsExactly("razor", "sft");
    }

    @Test
    void render_tellsWhereTheModelCameFrom() {
        assertThat(card().render())
                .contains("| base model | `tiny` |", "| its sha256 | `f00d` |", "| optimiser steps | 30 |")
                .contains("| `a.jsonl` | `beef` |", "commit `abc123`", "learning_rate: 1.0E-5")
                .endsWith("```\n");
    }

    /// A resumed run has another command line and another start; where it is written does not matter either.
    @Test
    void write_givesTheSameBytesForAResumedRun() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        card().write(first);
        card("runs/b", Instant.now(), "sft", "a.yaml", "--resume").write(second);
        for (String name : List.of("README.md", "razor.json")) {
            assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
        }
    }

    @Test
    void write_putsTheSameDownForPrograms() throws IOException {
        card().write(directory);
        JsonNode json =
                JsonMapper.shared().readTree(directory.resolve("razor.json").toFile());
        assertThat(json.path("format").asInt()).isEqualTo(1);
        assertThat(json.path("base").path("sha256").asString()).isEqualTo("f00d");
        assertThat(json.path("data").get(0).path("name").asString()).isEqualTo("a.jsonl");
        assertThat(json.path("steps").asInt()).isEqualTo(30);
        assertThat(json.path("config").propertyNames()).containsExactly("model", "learning_rate");
        assertThat(json.path("provenance").path("git_commit").asString()).isEqualTo("abc123");
        assertThat(json.path("provenance").has("start_time")).isFalse();
        assertThat(json.path("provenance").has("command_line")).isFalse();
    }

    @Test
    void render_staysATableForOddNames() {
        ModelCard odd = new ModelCard(
                "sft",
                false,
                "a|b: \"c\"\n---",
                "f00d",
                List.of(new ModelCard.DataFile("x`|\n.jsonl", "beef")),
                1,
                JsonMapper.shared().createObjectNode(),
                card().provenance());
        String text = odd.render();
        JsonNode front = YAMLMapper.shared().readTree(text.split("(?m)^---$", -1)[1]);
        assertThat(front.path("base_model").asString()).isEqualTo("a|b: \"c\"\n---");
        assertThat(text).contains("| `x___.jsonl` | `beef` |");
    }
}
