package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.razor.core.base.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ConfigLoaderTest {

    private static final String SMALL = "model: m\nlearning_rate: 1e-5\n";

    private static Example load(String yaml, String... overrides) {
        return ConfigLoader.parse(yaml, "run.yaml", Arrays.asList(overrides), Example.class);
    }

    private static List<String> problems(String yaml, String... overrides) {
        return catchThrowableOfType(ConfigException.class, () -> load(yaml, overrides))
                .problems();
    }

    @Test
    void load_fillsInTheDefaults() {
        assertThat(load(SMALL)).isEqualTo(Example.small());
    }

    @Test
    void load_readsEveryKindOfValue() {
        Example config = load("""
                model: "org/model"
                output: ../out
                learning_rate: 2e-5
                lr_scheduler_type: cosine
                warmup_steps: 010
                per_device_train_batch_size: +3
                seed: 9007199254740993
                packing: True
                max_grad_norm: ~
                max_steps: 7
                tasks: [a, "2"]
                optimizer:
                  adam_beta1: .5
                phases:
                - name: one
                - {name: two, steps: 2}
                methods: {sft: {learning_rates: [1e-5, 1], packing: TRUE}}
                """);
        assertThat(config.model()).isEqualTo("org/model");
        assertThat(config.output()).isEqualTo(Path.of("../out"));
        assertThat(config.learningRate()).isEqualTo(2e-5);
        assertThat(config.lrSchedulerType()).isEqualTo(Example.Schedule.COSINE);
        assertThat(config.warmupSteps()).isEqualTo(10);
        assertThat(config.perDeviceTrainBatchSize()).isEqualTo(3);
        assertThat(config.seed()).isEqualTo(9007199254740993L);
        assertThat(config.packing()).isTrue();
        assertThat(config.maxGradNorm()).isNull();
        assertThat(config.maxSteps()).isEqualTo(7);
        assertThat(config.tasks()).containsExactly("a", "2");
        assertThat(config.optimizer()).isEqualTo(new Example.Adam(0.5, 0.999));
        assertThat(config.phases()).containsExactly(new Example.Phase("one", 1), new Example.Phase("two", 2));
        assertThat(config.methods()).hasToString("{\"sft\":{\"learning_rates\":[1.0E-5,1],\"packing\":true}}");
    }

    @Test
    void load_reportsAllProblemsTogether() {
        assertThat(problems(
                        "warmup_step: 3\npacking: 1\noptimizer: {adam_beta1: 2, beta: 1}\nphases: [{steps: x}]",
                        "seed=1.5",
                        "nonsense"))
                .containsExactly(
                        "--set nonsense: expected key=value, such as --set seed=1",
                        "run.yaml: warmup_step: unknown key; did you mean warmup_steps?",
                        "run.yaml: model: missing; text must be given (the model to train)",
                        "run.yaml: learning_rate: missing; number must be given (highest learning rate)",
                        "--set seed=1.5: expected a whole number, got 1.5",
                        "run.yaml: packing: expected true or false, got 1",
                        "run.yaml: optimizer.beta: unknown key; did you mean adam_beta1?",
                        "run.yaml: phases[0].name: missing; text must be given (name)",
                        "run.yaml: phases[0].steps: expected a whole number, got \"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "learning_rate: abc       | learning_rate: expected a number, got \"abc\"",
                "learning_rate: '1e-5'    | learning_rate: expected a number, got \"1e-5\"",
                "learning_rate: 1_000     | learning_rate: expected a number, got \"1_000\"",
                "learning_rate: .nan      | learning_rate: expected a finite number, got NaN",
                "learning_rate: 1e999     | learning_rate: expected a finite number, got Infinity",
                "learning_rate: true      | learning_rate: expected a number, got true",
                "learning_rate:           | learning_rate: has no value; write one, or remove the key",
                "learning_rate: [1]       | learning_rate: expected a number, got [1]",
                "warmup_steps: 1.5        | warmup_steps: expected a whole number, got 1.5",
                "warmup_steps: 1.0        | warmup_steps: expected a whole number, got 1.0",
                "warmup_steps: 2147483648 | warmup_steps: expected a whole number from -2147483648 to 2147483647, got 2147483648",
                "warmup_steps: '3'        | warmup_steps: expected a whole number, got \"3\"",
                "warmup_steps: 0x10       | warmup_steps: expected a whole number, got \"0x10\"",
                "seed: 9223372036854775808 | seed: expected a whole number from -9223372036854775808 to 9223372036854775807, got 9223372036854775808",
                "packing: yes             | packing: expected true or false, got \"yes\"",
                "lr_scheduler_type: linear | lr_scheduler_type: expected one of constant_with_warmup, cosine, got \"linear\"",
                "lr_scheduler_type: COSINE | lr_scheduler_type: expected one of constant_with_warmup, cosine, got \"COSINE\"",
                "model: 3                 | model: expected text, got 3; put it in quotes",
                "model: {a: 1}            | model: expected text, got {\"a\":1}",
                "output: ''               | output: expected a path, got an empty text; write . for the working directory",
                "output: ~/runs           | output: expected a path, got \"~/runs\"; only a shell knows ~, write the directory",
                "output: \"a\\0b\"        | output: expected a path, got text that is none: Nul character not allowed",
                "tasks: a,b               | tasks: expected a list, got \"a,b\"; write [a, b]",
                "tasks: [a, 2]            | tasks[1]: expected text, got 2; put it in quotes",
                "tasks: [a, ~]            | tasks[1]: has no value; write one, or remove the key",
                "optimizer: 3             | optimizer: expected a section of keys, got 3",
                "optimizer: {adam_beta1: 1} | optimizer: adam_beta1 (1.0) must be below 1",
                "warmup_steps: -1         | warmup_steps (-1) must not be negative",
                "methods: [1]             | methods: expected a section of keys, got [1]",
                "learningRate: 1          | learningRate: unknown key; did you mean learning_rate?",
                "batch_size: 1            | batch_size: unknown key; did you mean per_device_train_batch_size?",
                "zzz: 1                   | zzz: unknown key; --help lists the keys",
            })
    void load_saysWhatIsWrongWithAValue(String line, String problem) {
        String rest = line.startsWith("learning_rate:")
                ? "model: m\n"
                : line.startsWith("model:") ? "learning_rate: 1e-5\n" : SMALL;
        assertThat(problems(rest + line)).containsExactly("run.yaml: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "learning_rate=abc   | --set learning_rate=abc: expected a number, got \"abc\"",
                "learning_rate=-2e-5 | --set learning_rate=-2e-5: learning_rate (-2.0E-5) must be positive",
                "warmup_step=10      | --set warmup_step=10: unknown key; did you mean warmup_steps?",
                "seed=               | --set seed=: has no value; write one, or remove the key",
                "model=              | --set model=: has no value; write one, or remove the key",
                "optimzer.adam_beta1=0.5 | --set optimzer.adam_beta1=0.5: optimzer: unknown key; did you mean optimizer?",
                "optimizer={adam_beta: 0.5} | --set optimizer={adam_beta: 0.5}: optimizer.adam_beta: unknown key; did you mean adam_beta1?",
                "optimizer.adam_beta1=5 | --set optimizer.adam_beta1=5: optimizer: adam_beta1 (5.0) must be below 1",
                "optimizer.adam_beta1=@ | --set optimizer.adam_beta1=@: expected a number, got \"@\"",
                "tasks=a,b           | --set tasks=a,b: expected a list, got \"a,b\"; write [a, b]",
                "tasks=[a, 1]        | --set tasks=[a, 1]: tasks[1]: expected text, got 1; put it in quotes",
                "phases=[{steps: 2}] | --set phases=[{steps: 2}]: phases[0].name: missing; text must be given (name)",
                "learning_rate.x=1   | --set learning_rate.x=1: learning_rate is not a section, it holds 1.0E-5",
                "=1                  | --set =1: expected key=value, such as --set seed=1",
                "a..b=1              | --set a..b=1: expected key=value, such as --set seed=1",
            })
    void load_quotesTheSetArgumentThatIsWrong(String argument, String problem) {
        assertThat(problems(SMALL, argument)).containsExactly(problem);
    }

    @Test
    void load_setOverridesTheFileAndTheLastWins() {
        Example config = load(
                SMALL,
                "learning_rate=1",
                "learning_rate=2e-5",
                "optimizer.adam_beta1=0.1",
                "packing=true",
                "lr_scheduler_type=cosine",
                "max_grad_norm=null",
                "tasks=[a, b]");
        assertThat(config.learningRate()).isEqualTo(2e-5);
        assertThat(config.optimizer()).isEqualTo(new Example.Adam(0.1, 0.999));
        assertThat(config.packing()).isTrue();
        assertThat(config.lrSchedulerType()).isEqualTo(Example.Schedule.COSINE);
        assertThat(config.maxGradNorm()).isNull();
        assertThat(config.tasks()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"007", "1e5", "true", "a=b", "@home", "*.jsonl", "a #b", "Q: {x}", "{x}", "[a]", " a ", "a\tb"})
    void load_setTakesTextAsTyped(String text) {
        assertThat(load(SMALL, "model=" + text).model()).isEqualTo(text);
        assertThat(load(SMALL, "output=" + text).output()).isEqualTo(Path.of(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"'a b'|a b", "\"a\\nb\"|`a\nb`", "'null'|null", "'it''s'|it's", "'a' or 'b'|'a' or 'b'"})
    void load_setQuotesMeanWhatTheyDoInYaml(String typed, String text) {
        assertThat(load(SMALL, "model=" + typed).model()).isEqualTo(text);
    }

    record OnePhase(@Key("phase") Example.Phase phase) {}

    @Test
    void load_setOfASectionReplacesEarlierKeysInIt() {
        // a text key is taken from its own argument, so an argument that has been replaced must be forgotten
        List<String> overrides = List.of("phase.name=a", "phase={name: b}");
        assertThat(ConfigLoader.parse("phase: {name: file}", "w", overrides, OnePhase.class)
                        .phase()
                        .name())
                .isEqualTo("b");
        assertThat(load(SMALL, "optimizer.adam_beta1=0.1", "optimizer={adam_beta2: 0.5}")
                        .optimizer())
                .isEqualTo(new Example.Adam(0.9, 0.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                 | : is empty; write a line `key: value` for every key that has no default",
                "# nothing          | : is empty; write a line `key: value` for every key that has no default",
                "- a                | : expected lines of the form `key: value` at the top level, got [\"a\"]",
                "just text          | : expected lines of the form `key: value` at the top level, got \"just text\"",
                "---                | : expected lines of the form `key: value` at the top level, got null",
                "a: 1;a: 2          | :2: the key a stands here for the second time; keep one",
                "a: {b: 1, b: 1}    | :1: the key b stands here for the second time; keep one",
                "a: &x 1;b: *x      | :2: aliases (*x) cannot be used; write the value itself",
                "a: &x {c: 1};b:;  <<: *x | :3: aliases (*x) cannot be used; write the value itself",
                "a: 1;---;b: 2      | :3: a second YAML document starts; keep one document in the file",
                "a: !!binary aGk=   | :1: binary values (!!binary) cannot be used; write text",
                "a: 1;\tb: 2        | :2: not readable as YAML: while scanning for the next token, found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)",
                "a: 1;  b: 2        | :2: not readable as YAML: mapping values are not allowed here",
                "b: 1;a: program: x | :2: not readable as YAML: the value of a holds a colon, got program: x; put it in quotes, a: \"program: x\"",
                "a: [1, 2;b: 3      | :2: not readable as YAML: while parsing a flow sequence, expected ',' or ']', but got :",
                "a: \"x             | :1: not readable as YAML: while scanning a quoted scalar, found unexpected end of stream",
            })
    void load_saysWhereTheFileIsNotAConfiguration(String yaml, String problem) {
        assertThat(problems(yaml.replace(';', '\n'))).containsExactly("run.yaml" + problem);
    }

    @Test
    void load_survivesDeepNesting() {
        assertThat(problems("[".repeat(100_000)))
                .singleElement()
                .asString()
                .startsWith("run.yaml: not readable as YAML: Document nesting depth (501)");
    }

    @Test
    void load_seesQuotesBehindCharactersOutsideTheBasicPlane() {
        assertThat(load("# \ud83d\ude00\ud83d\ude00\nmodel: '1'\nlearning_rate: .5")
                        .model())
                .isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void load_seesQuotesFarIntoAFileWithAnyLineEnds(String end) {
        String comments = ("# a line \u2028\u0085 that says nothing" + end).repeat(2000);
        Example config = load(comments + "model: '1'" + end + comments + "learning_rate: .5" + end);
        assertThat(config.model()).isEqualTo("1");
        assertThat(config.learningRate()).isEqualTo(0.5);
    }

    @Test
    void load_namesAFileThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("no.yaml");
        assertThatThrownBy(() -> ConfigLoader.load(missing, List.of(), Example.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": cannot be read: there is no such file");
        assertThatThrownBy(() -> ConfigLoader.load(folder, List.of(), Example.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage(folder + ": is a directory; give the YAML file in it");
        Path latin1 = Files.write(folder.resolve("l.yaml"), new byte[] {'m', ':', ' ', (byte) 0xe9});
        assertThatThrownBy(() -> ConfigLoader.load(latin1, List.of(), Example.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage(latin1 + ": is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void load_acceptsAByteOrderMark(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("b.yaml"), ("\ufeff" + SMALL).getBytes(StandardCharsets.UTF_8));
        assertThat(ConfigLoader.load(file, List.of(), Example.class)).isEqualTo(Example.small());
    }

    @Test
    void bind_headsProblemsWithTheGivenPlace() {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("model", "m").put("learning_rate", "x");
        assertThatThrownBy(() -> ConfigLoader.bind(node, "study.yaml: methods.sft", Example.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage("study.yaml: methods.sft: learning_rate: expected a number, got \"x\"");
        assertThat(ConfigLoader.bind(node.put("learning_rate", 1e-5), "w", Example.class))
                .isEqualTo(Example.small());
    }

    @Test
    void beside_startsAtTheFilesFolder() {
        assertThat(ConfigLoader.beside(Path.of("a/b.yaml"), Path.of("c"))).isEqualTo(Path.of("a/c"));
        assertThat(ConfigLoader.beside(Path.of("b.yaml"), Path.of("c"))).isEqualTo(Path.of("c"));
        assertThat(ConfigLoader.beside(Path.of("a/b.yaml"), Path.of("/c"))).isEqualTo(Path.of("/c"));
    }

    record BadFallback(@Key(value = "x", fallback = "1.5") int steps) {}

    record NoKey(int steps) {}

    record BadType(@Key("x") float rate) {}

    record NullPrimitive(
            @Key(value = "x", fallback = "null") int steps) {}

    record Throws(@Key("x") int steps) {
        Throws {
            throw new IllegalStateException("a bug");
        }
    }

    @Test
    void bind_refusesARecordThatIsDeclaredWrongly() {
        ObjectNode empty = JsonNodeFactory.instance.objectNode();
        assertThatThrownBy(() -> ConfigLoader.bind(empty, "w", BadFallback.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fallback: steps: expected a whole number, got 1.5");
        assertThatThrownBy(() -> ConfigLoader.bind(empty, "w", NoKey.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NoKey.steps: has no @Key");
        assertThatThrownBy(() -> ConfigLoader.bind(empty, "w", BadType.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BadType.rate: a configuration key cannot have the type float");
        assertThatThrownBy(() -> ConfigLoader.bind(empty, "w", NullPrimitive.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NullPrimitive.steps: falls back to null but is not @Nullable");
    }

    @Test
    void bind_leavesABugInARecordsConstructorABug() {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("steps", 1);
        assertThatThrownBy(() -> ConfigLoader.bind(node, "w", Throws.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a bug");
    }
}
