package dev.razor.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigHelpTest {

    @Test
    void describe_alignsKeyTypeDefaultAndHelp() {
        assertThat(String.join("\n", ConfigHelp.describe(Example.class))).isEqualTo("""
                model                        text                           mandatory             the model to train
                output                       path                           runs/x                output directory
                learning_rate                number                         mandatory             highest learning rate
                lr_scheduler_type            constant_with_warmup | cosine  constant_with_warmup  schedule
                warmup_steps                 whole number                   0                     steps of warm-up
                per_device_train_batch_size  whole number                   8                     sequences a step
                seed                         whole number                   42                    seed
                packing                      true | false                   false                 several samples in a row
                max_grad_norm                number                         1.0                   largest gradient norm; null: no clipping
                max_steps                    whole number                   none                  stop after so many steps
                tasks                        list of text                   []                    tasks
                optimizer                    section                        {}                    optimizer
                optimizer.adam_beta1         number                         0.9                   decay of the first moment
                optimizer.adam_beta2         number                         0.999                 decay of the second moment
                phases                       list of section                []                    phases
                phases[].name                text                           mandatory             name
                phases[].steps               whole number                   1                     steps
                methods                      section                        {}                    handed on""");
    }
}
