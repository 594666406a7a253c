package dev.razor.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.run.Progress;
import dev.razor.core.train.TrainingOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrpoRunTest {

    private static final String[] SMALL = {
        "learning_rate: 1e-4",
        "reward: one_of",
        "num_generations: 2",
        "per_device_train_batch_size: 4",
        "max_completion_length: 2",
        "max_steps: 2"
    };

    @TempDir
    private Path directory;

    private Path data;
    private Path output;

    @BeforeEach
    void writeData() throws IOException {
        data = Files.writeString(directory.resolve("data.jsonl"), """
                {"prompt": "A digit:", "answers": ["0", "2"]}
                {"prompt_ids": [5, 17, 300], "answers": ["1"]}
                {"messages": [{"role": "user", "content": "A digit?"}], "answers": ["1"]}
                """);
        output = directory.resolve("runs/one");
    }

    private void start(String... settings) {
        GrpoRun.start(GrpoTesting.config(data, output, settings), false, Progress.silent());
    }

    private DataException dataProblem(String line) throws IOException {
        Files.writeString(data, line + "\n");
        DataException e = catchThrowableOfType(DataException.class, () -> start(SMALL));
        assertThat(e).as(line).isNotNull();
        assertThat(e.problems()).singleElement().asString().startsWith(data + ":1: ");
        assertThat(output).doesNotExist();
        return e;
    }

    @Test
    void start_trainsAndPublishes() {
        start(SMALL);
        assertThat(GrpoTesting.metrics(output)).hasSize(2);
        assertThat(TrainingOutput.finalModel(output).resolve("model.safetensors"))
                .exists();
        assertThat(output.resolve("config.yaml")).content().contains("num_iterations: 1", "beta: 0.0");
    }

    @Test
    void start_withTheSameSeed_writesTheSameBytes() throws IOException {
        start(SMALL);
        byte[] first = Files.readAllBytes(TrainingOutput.finalModel(output).resolve("model.safetensors"));
        output = directory.resolve("runs/two");
        start(SMALL);
        assertThat(TrainingOutput.finalModel(output).resolve("model.safetensors"))
                .hasBinaryContent(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": "a"}                                            | answers: missing
            {"prompt": "a", "answers": []}                             | answers: is empty
            {"prompt": "a", "answers": "0"}                            | answers: expected a list
            {"prompt": "a", "answers": [0]}                            | answers[0]: expected a string
            {"answers": ["0"]}                                         | has no prompt
            {"prompt": "", "answers": ["0"]}                           | prompt: is empty
            {"prompt_ids": [784], "answers": ["0"]}                    | prompt_ids: holds token 784
            {"prompt_ids": [-1], "answers": ["0"]}                     | prompt_ids: holds token -1
            {"prompt": "a", "prompt_ids": [1], "answers": ["0"]}       | has prompt and prompt_ids
            {"messages": [], "answers": ["0"]}                         | messages: is empty
            {"messages": [{"role": "user"}], "answers": ["0"]}         | messages[0].content: missing
            """)
    void start_refusesABadRecord(String line, String saying) throws IOException {
        assertThat(dataProblem(line)).hasMessageContaining(data + ":1: " + saying.strip());
    }

    @Test
    void start_withAnUnknownReward_namesThoseThereAre() {
        String[] settings = SMALL.clone();
        settings[1] = "reward: best";
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> start(settings));
        assertThat(e.problems()).singleElement().asString().contains("reward must be one of [one_of, ", "got best");
        assertThat(output).doesNotExist();
    }

    /// Settings and what their problem says.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            num_generations: 3              | must be a multiple of num_generations (3)
            num_generations: 1              | num_generations must be at least 2, got 1
            generation_batch_size: 6        | must be a multiple of per_device_train_batch_size x
            generation_batch_size: 0        | must be a multiple of num_generations
            temperature: 0                  | temperature must be positive, got 0.0
            top_p: 1.5                      | top_p must be in (0, 1], got 1.5
            num_iterations: 0               | num_iterations must be positive, got 0
            beta: -1                        | beta must be a number of at least 0, got -1.0
            epsilon: 1                      | epsilon must be in [0, 1), got 1.0
            max_completion_length: 0        | max_completion_length must be positive, got 0
            loss_type: ppo                  | loss_type
            scale_rewards: yes              | scale_rewards
            """)
    void config_refusesWhatCannotBe(String setting, String saying) {
        String key = setting.substring(0, setting.indexOf(':'));
        List<String> settings = new java.util.ArrayList<>(List.of(SMALL));
        settings.removeIf(line -> line.startsWith(key + ":"));
        settings.add(setting);
        ConfigException e = catchThrowableOfType(
                ConfigException.class, () -> GrpoTesting.config(data, output, settings.toArray(String[]::new)));
        assertThat(e).isNotNull();
        assertThat(e.problems()).singleElement().asString().contains(saying.strip());
    }

    @Test
    void start_thatDiverges_publishesNothing() {
        String[] settings = SMALL.clone();
        settings[0] = "learning_rate: 1e41";
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> start(settings));
        assertThat(e).isNotNull();
        assertThat(e.problems()).singleElement().asString().contains("learning_rate: ", "step", "lower it");
        assertThat(TrainingOutput.finalModel(output)).doesNotExist();
    }
}
