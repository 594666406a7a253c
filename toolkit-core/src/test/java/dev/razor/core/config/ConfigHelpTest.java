package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigHelpTest {

    @Test
    void describe_alignsKeyDefaultAndHelp() {
        assertThat(String.join("\n", ConfigHelp.describe(Example.class))).isEqualTo("""
                model                        mandatory             the model to train
                output                       runs/x                output directory
                learning_rate                mandatory             highest learning rate
                lr_scheduler_type            constant_with_warmup  schedule (constant_with_warmup | cosine)
                warmup_steps                 0                     steps of warm-up
                per_device_train_batch_size  8                     sequences a step
                seed                         42                    seed
                packing                      false                 several samples in a row
                max_grad_norm                1.0                   largest gradient norm; null: no clipping
                max_steps                    none                  stop after so many steps
                tasks                        []                    tasks
                optimizer                    {}                    optimizer
                optimizer.adam_beta1         0.9                   decay of the first moment
                optimizer.adam_beta2         0.999                 decay of the second moment
                phases                       []                    phases
                phases[].name                mandatory             name
                phases[].steps               1                     steps
                methods                      {}                    handed on""");
    }

    record LongHelp(
            @Key(
                    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen")
            int key) {}

    @Test
    void describe_breaksLongHelpUnderItsColumn() {
        assertThat(ConfigHelp.describe(LongHelp.class))
                .containsExactly(
                        "key  mandatory  one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
                        "                fifteen sixteen seventeen");
    }

    record LongFallback(
            @Key(value = "the key", fallback = "[1, 2]") List<Integer> key,

            @Key(value = "the long one", fallback = "[100, 200, 300, 400, 500]")
            List<Integer> longOne) {}

    @Test
    void describe_putsHelpBelowALongDefault() {
        assertThat(ConfigHelp.describe(LongFallback.class))
                .containsExactly(
                        "key       [1, 2]  the key", //
                        "long_one  [100, 200, 300, 400, 500]",
                        "                  the long one");
    }
}
