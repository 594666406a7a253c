package dev.razor.core.task;

import dev.razor.core.data.JsonRecord;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Science Q&A: multiple-choice questions of SciKnowEval's chemistry, level 3. The model reasons and gives a
/// letter in `<answer>` tags.
///
/// Source records are those of the data set, its raw files and its Hugging Face configuration `Chemistry` alike:
///
/// ```
/// {"question": "...", "choices": {"text": [4], "label": ["A", "B", "C", "D"]}, "answerKey": "B",
///  "type": "mcq-4-choices", "domain": "Chemistry", "details": {"level": "L3", "task": "...", ...}}
/// ```
///
/// Other domains, levels and types (`filling` has no options) are left out. The prompt is that of the
/// self-distillation paper by the same first author; that RL's Razor used it too is inferred, not stated.
///
/// @see <a href="https://arxiv.org/abs/2406.09098">SciKnowEval</a>
/// @see <a href="https://arxiv.org/abs/2601.19897">Self-Distillation Enables Continual Learning</a>
public final class Science {

    /// The system message; it begins and ends with a newline.
    public static final String SYSTEM = """

            Given a question and four options, please select the right answer. Respond in the following format:
            <reasoning>
            ...
            </reasoning>
            <answer>
            ...
            </answer>

            For the answer, only output the letter corresponding to the correct option (A, B, C, or D), \
            and nothing else. Do not restate the answer text. For example, if the answer is "A", just output:
            <answer>
            A
            </answer>
            """;

    private static final List<String> LABELS = List.of("A", "B", "C", "D");

    private Science() {}

    /// The prompt of a question: the system message, and a user message without a newline at its end.
    ///
    /// @param options the four, in the order of the letters
    public static ArrayNode prompt(String question, List<String> options) {
        StringBuilder user = new StringBuilder(question).append('\n');
        for (int i = 0; i < options.size(); i++) {
            user.append('\n').append(LABELS.get(i)).append(": ").append(options.get(i));
        }
        return PreparedTask.messages("system", SYSTEM, "user", user.toString());
    }

    /// Adds the source record's prompt with `answer`, its right letter. Questions of one wording are one group,
    /// whatever their options.
    static void prepare(JsonRecord source, PreparedTasks out) {
        JsonRecord details = object(source, "details");
        String domain = source.text("domain");
        String level = details.text("level");
        String type = source.text("type");
        if (!domain.equals("Chemistry")) {
            out.leaveOut("domain " + domain);
        } else if (!level.equals("L3")) {
            out.leaveOut("level " + level);
        } else if (!type.equals("mcq-4-choices")) {
            out.leaveOut("type " + type);
        } else {
            String question = source.text("question");
            PreparedTask prepared = PreparedTask.of(
                    Task.SCIENCE.key(), PreparedTask.normalised(question), prompt(question, options(source)));
            prepared.node().put("answer", answer(source));
            prepared.node().put("subtask", details.text("subtask"));
            out.add(prepared);
        }
    }

    private static List<String> options(JsonRecord source) {
        JsonRecord choices = object(source, "choices");
        List<String> labels = choices.texts("label");
        List<String> options = choices.texts("text");
        if (!labels.equals(LABELS) || options.size() != LABELS.size()) {
            throw source.problem(
                    "choices",
                    "expected a text for each of the labels %s, got %d for %s"
                            .formatted(LABELS, options.size(), labels));
        }
        return options;
    }

    private static String answer(JsonRecord source) {
        String answer = source.text("answerKey");
        if (!LABELS.contains(answer)) {
            throw source.problem("answerKey", "must be one of %s, got '%s'".formatted(LABELS, answer));
        }
        return answer;
    }

    /// A section of the record.
    private static JsonRecord object(JsonRecord source, String key) {
        if (source.node().get(key) instanceof ObjectNode object) {
            return new JsonRecord(source.file(), source.line(), key + ".", object);
        }
        throw source.problem(key, "expected an object; give records as SciKnowEval has them");
    }
}
