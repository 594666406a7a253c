package dev.razor.core.plan;

import dev.razor.core.model.qwen2.Qwen2Config;
import dev.razor.core.tensor.Dtype;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The page `docs/memory.md`: what training a model of a given shape takes by setting, computed by [MemoryPlan].
public final class MemoryPage {

    private static final List<Integer> BATCHES = List.of(1, 4, 16);
    private static final List<Integer> LENGTHS = List.of(1024, 2048, 4096);
    private static final int LORA_RANK = 16;

    private MemoryPage() {}

    /// One way of training.
    private record Way(String name, MemorySettings settings) {}

    /// The page in Markdown.
    ///
    /// @param name what the shape is called
    /// @param command the command that prints the page
    public static String of(String name, Qwen2Config shape, String command) {
        StringBuilder page = new StringBuilder();
        page.append("""
                # Memory

                What fine-tuning %s (%s parameters) takes on a GPU, by setting. This page is printed by

                    %s

                from the arithmetic of `dev.razor.core.plan.MemoryPlan`. `razor bench --plan
                CONFIG.yaml` does the same sum for a run of your own, and a run that cannot fit is refused before its
                model is loaded.

                """.formatted(name, String.format(Locale.ROOT, "%,d", shape.parameterCount()), command));
        parameters(page, shape);
        runs(page, shape);
        page.append("""
                ## How far to trust it

                The activations of a layer are a list of tensors in `LayerActivations`. On a CPU they are measured by a
                test (`MeasuredActivationsTest`): the resident size of a process after a forward pass of four layers
                less that of one layer, in float32, with key/value heads of their own and shared ones; it fails beyond
                10 %. `razor bench` prints the planned memory beside the measured peak of the process. On 2 cores, with the
                shape of `examples/bench.yaml` in float32 and `--set measured_steps=3 --set decode_batch_sizes=[]
                --set rollout_prompts=0`:

                | | planned | measured | measured, `MALLOC_MMAP_THRESHOLD_=65536` |
                |---|---|---|---|
                | activations kept | 1157 MiB | 1358 MiB | 1194 MiB |
                | `gradient_checkpointing` | 838 MiB | 1037 MiB | 874 MiB |

                The difference is what glibc holds back of freed blocks; the variable makes it give them back at once, which
                costs time. No GPU has been measured: what CUDA's allocator holds back and its workspaces are not in these
                numbers, so leave a tenth free.
                """);
        return page.toString();
    }

    private static void parameters(StringBuilder page, Qwen2Config shape) {
        page.append("""
                ## Bytes a parameter

                | weights | moments | weights | master copy | gradient | moments | together | for this model |
                |---|---|---|---|---|---|---|---|
                """);
        for (Dtype dtype : List.of(Dtype.BFLOAT16, Dtype.FLOAT32)) {
            for (Dtype moments : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
                int weights = dtype.bytes();
                int master = dtype == Dtype.BFLOAT16 ? 4 : 0;
                int both = 2 * moments.bytes();
                int sum = 2 * weights + master + both;
                page.append("| `dtype: %s` | `optimizer_state_dtype: %s` | %d | %d | %d | %d | %d | %s |\n"
                        .formatted(
                                lower(dtype),
                                lower(moments),
                                weights,
                                master,
                                weights,
                                both,
                                sum,
                                ByteText.of(sum * shape.parameterCount())));
            }
        }
        long adapter = MemoryPlan.adapterParameters(shape, LORA_RANK);
        page.append("""

                With `use_peft: true` the weights are only read (%d bytes a parameter in bfloat16, %s) and an adapter of rank %d
                has %s parameters of 16 bytes each: %s.

                """.formatted(
                        Dtype.BFLOAT16.bytes(),
                        ByteText.of(Dtype.BFLOAT16.bytes() * shape.parameterCount()),
                        LORA_RANK,
                        String.format(Locale.ROOT, "%,d", adapter),
                        ByteText.of(16 * adapter)));
    }

    private static void runs(StringBuilder page, Qwen2Config shape) {
        page.append("## A whole run\n\nEverything, at the fullest point of a step, by `per_device_train_batch_size` x "
                + "`max_length`. The type of the weights is bfloat16.\n\n| setting |");
        for (int batch : BATCHES) {
            LENGTHS.forEach(length -> page.append(" %d x %d |".formatted(batch, length)));
        }
        page.append("\n|---|")
                .append("---|".repeat(BATCHES.size() * LENGTHS.size()))
                .append('\n');
        for (Way way : ways(shape)) {
            page.append("| ").append(way.name).append(" |");
            for (int batch : BATCHES) {
                for (int length : LENGTHS) {
                    MemorySettings settings = way.settings.withBatch(batch, 1).withLength(length);
                    page.append(" %s |"
                            .formatted(
                                    ByteText.of(MemoryPlan.of(shape, settings).total())));
                }
            }
            page.append('\n');
        }
        page.append('\n');
    }

    private static List<Way> ways(Qwen2Config shape) {
        MemorySettings full = MemorySettings.of(true, Dtype.BFLOAT16, new MemorySettings.Pass(1, 1, 1024, 1, false));
        MemorySettings recomputed = full.withRecompute(true);
        List<Way> ways = new ArrayList<>();
        ways.add(new Way("all weights", full));
        ways.add(new Way("all weights, `gradient_checkpointing`", recomputed));
        ways.add(new Way("the same, bfloat16 moments", recomputed.withMoments(Dtype.BFLOAT16)));
        ways.add(new Way(
                "the same, with the base for a KL penalty (`beta`)",
                recomputed
                        .withMoments(Dtype.BFLOAT16)
                        .withFrozen(shape.parameterCount() * Dtype.BFLOAT16.bytes(), false)
                        .withKlPenalty(true)));
        ways.add(new Way("`use_peft`, rank " + LORA_RANK, full.withLoraRank(LORA_RANK)));
        ways.add(new Way(
                "`use_peft`, rank " + LORA_RANK + ", `gradient_checkpointing`", recomputed.withLoraRank(LORA_RANK)));
        return ways;
    }

    private static String lower(Dtype dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }
}
