package dev.razor.core.task;

import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.JsonReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads Open-Reasoner-Zero's files, an array of dialogues that are arrays of turns; a file of any other form is
/// read by [DataFiles].
final class DialogueFile {

    /// The field under which a dialogue's turns are handed on.
    static final String TURNS = "turns";

    private static final JsonMapper JSON = JsonMapper.shared();

    private DialogueFile() {}

    /// Hands the records of a file to `action`, a dialogue as `{"turns": [...]}` with the line it begins on.
    ///
    /// @throws DataException if the file cannot be read
    static void forEach(Path file, Consumer<JsonRecord> action) {
        String name = file.toString();
        boolean json = name.endsWith(".json") || name.endsWith(".json.gz");
        if (!json || Files.isDirectory(file) || !readDialogues(file, action)) {
            DataFiles.forEach(file, action);
        }
    }

    /// Whether the file is an array of arrays; it has then been read.
    private static boolean readDialogues(Path file, Consumer<JsonRecord> action) {
        boolean any = false;
        int line = 1;
        try (InputStream in = open(file);
                JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return false;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                line = parser.currentTokenLocation().getLineNr();
                if (!any && parser.currentToken() != JsonToken.START_ARRAY) {
                    return false;
                }
                any = true;
                JsonNode dialogue = parser.readValueAsTree();
                action.accept(record(file, line, dialogue));
            }
            return any;
        } catch (JacksonException e) {
            if (!any) {
                return false; // what is wrong is told by the reader of all other files
            }
            throw new DataException(
                    "%s:%d: not valid JSON after this line's dialogue: %s; fetch the file again"
                            .formatted(file, line, JsonReason.of(e)),
                    e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, IoReason.of(e)), e);
        }
    }

    private static JsonRecord record(Path file, int line, JsonNode dialogue) {
        if (!(dialogue instanceof ArrayNode turns)) {
            throw new DataException("%s:%d: expected a list of turns as in the first record".formatted(file, line));
        }
        ObjectNode node = JSON.createObjectNode();
        node.set(TURNS, turns);
        return new JsonRecord(file, line, node);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }
}
