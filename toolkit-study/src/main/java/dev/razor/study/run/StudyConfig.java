package dev.razor.study.run;

import dev.razor.core.base.Check;
import dev.razor.core.config.Inline;
import dev.razor.core.config.Key;
import dev.razor.core.reward.RewardArguments;
import dev.razor.study.points.Point;
import dev.razor.study.work.Experiment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A study file: one base model, one new task, methods with grids, and what is measured of every checkpoint.
///
/// In the file, `base` and `data` are meant from the study file's folder, `output` from the working directory.
/// What does not lie there and is a name in `models.lock` is that entry.
public record StudyConfig(
        @Key(value = "heading of the report", fallback = "What fine-tuning forgot")
        String title,

        @Key("where the study is written; an interrupted study is continued there")
        Path output,

        @Key("folder of the data files named below") Path data,
        @Key("the base model: a Hugging Face directory") Path base,

        @Key(value = "each method is run once a seed", fallback = "[42]")
        List<Long> seeds,

        @Key("the new task") Task task,

        @Key("runs: name, trainer (sft | grpo | simpo), the trainer's keys; lists multiply")
        List<ObjectNode> methods,

        @Key("the prior skills: benchmarks of any kind") Priors benchmarks,

        @Key(value = "how divergences from the base are measured", fallback = "{}")
        Meters meters,

        @Key(
                value = "tasks prepared before the first run where they are not there, by any name: task, input, test,"
                        + " output, seed, limit",
                fallback = "{}")
        ObjectNode prepare,

        @Key(
                value =
                        "labels written before the first run where they are not there, by any name: keys of razor label",
                fallback = "{}")
        ObjectNode labels,

        @Key(value = "sequences computed together when measuring", fallback = "64")
        int evalBatchSize,

        @Key(value = "cpu | cuda | cuda:N | auto", fallback = "auto")
        String device,

        @Key(value = "float32 | bfloat16 | auto (as stored)", fallback = "auto")
        String dtype,

        @Key(value = "which checkpoints of a run are measured", fallback = "all")
        Measured measure,

        @Key(value = "weights that stay when a run has been measured", fallback = "all")
        Kept keepModels,

        @Key(value = "the kind of study", fallback = "language_model")
        Experiment experiment) {

    /// Which of a run's checkpoints are measured.
    public enum Measured {
        ALL,
        FINAL
    }

    /// Which weights stay on disk when their run has been measured.
    public enum Kept {
        ALL,
        NONE
    }

    public StudyConfig {
        Check.that(!seeds.isEmpty(), "seeds must name at least one seed");
        Check.that(!methods.isEmpty(), "methods must name at least one method");
        Check.that(evalBatchSize > 0, "eval_batch_size must be positive, got %d", evalBatchSize);
        seeds = List.copyOf(seeds);
        methods = List.copyOf(methods);
    }

    /// The new task: prompts whose answers a verifier can judge.
    public record Task(
            @Key("JSONL of held-out prompts; new_accuracy is the share answered rightly by greedy decoding")
            Path test,

            @Key("JSONL of held-out prompts on which divergences are measured")
            Path klPrompts,

            @Inline RewardArguments rewards,

            @Key("tokens an answer may have, its end token included")
            int maxCompletionLength) {

        public Task {
            Check.that(maxCompletionLength > 0, "max_completion_length must be positive, got %d", maxCompletionLength);
        }
    }

    /// The prior skills; prior_accuracy is the mean of one metric of each.
    public record Priors(
            @Key("names, such as hellaswag, ifeval or humaneval, or of multiple-choice files in the folder")
            List<String> tasks,

            @Key(value = "folder of their files, below data", fallback = ".")
            Path folder,

            @Key(value = "data sets of models.lock that are fetched and read in place of the folder", fallback = "[]")
            List<String> datasets,

            @Key(value = "the metric averaged; null: each benchmark's first, as the paper's", fallback = "null")
            @Nullable
            String metric,

            @Key(value = "metrics of single benchmarks, such as {ifeval: inst_level_loose_acc}", fallback = "{}")
            ObjectNode metrics,

            @Key(value = "benchmarks asked through the chat template, such as [ifeval]", fallback = "[]")
            List<String> chatTemplate,

            @Key(value = "documents a benchmark; 0 takes all", fallback = "0")
            int limit,

            @Key(
                    value = "worked examples before each question; null: the benchmark's own number, mostly 0",
                    fallback = "null")
            @Nullable
            Integer numFewshot) {

        public Priors {
            Check.that(!tasks.isEmpty(), "tasks must name at least one benchmark");
            Check.that(tasks.stream().distinct().count() == tasks.size(), "tasks must name each once, got %s", tasks);
            Check.that(
                    tasks.stream().noneMatch(Point::isColumn),
                    "tasks must not be called like other columns of points.csv, got %s",
                    tasks.stream().filter(Point::isColumn).toList());
            Check.that(limit >= 0, "limit must not be negative, got %d", limit);
            Check.that(numFewshot == null || numFewshot >= 0, "num_fewshot must not be negative, got %s", numFewshot);
            for (Map.Entry<String, JsonNode> one : metrics.properties()) {
                Check.that(
                        tasks.contains(one.getKey()) && one.getValue().isString(),
                        "metrics must give texts to benchmarks of tasks %s, got %s: %s",
                        tasks,
                        one.getKey(),
                        one.getValue());
            }
            for (String task : chatTemplate) {
                Check.that(tasks.contains(task), "chat_template must name benchmarks of tasks %s, got %s", tasks, task);
            }
            tasks = List.copyOf(tasks);
            chatTemplate = List.copyOf(chatTemplate);
            datasets = List.copyOf(datasets);
        }

        /// The metric that the user names for `task`; null where the benchmark's own counts.
        @Nullable
        String metricOf(String task) {
            JsonNode own = metrics.get(task);
            return own == null ? metric : own.asString();
        }
    }

    /// How divergences are measured, and what else is measured of how far a model has moved.
    public record Meters(
            @Key(value = "completions sampled a prompt", fallback = "1")
            int samples,

            @Key(value = "names the sampled completions", fallback = "0")
            long seed,

            @Key(
                    value =
                            "whether the change of the weights is measured: weight_l1, weight_spectral, weight_sparsity",
                    fallback = "false")
            boolean weights,

            @Key(value = "whether its rank is too: weight_rank; takes all singular values", fallback = "false")
            boolean rank,

            @Key(
                    value = "JSONL of the previous task's prompts, for weight_fisher_l2; null measures none",
                    fallback = "null")
            @Nullable
            Path fisher,

            @Key(value = "JSONL of texts, for activation_l1 and activation_l2; null measures none", fallback = "null")
            @Nullable
            Path activations,

            @Key(
                    value = "JSONL of texts, for cka and cknna of the final hidden states; null measures none",
                    fallback = "null")
            @Nullable
            Path representations,

            @Key(value = "neighbours of a text in cknna", fallback = "10")
            int neighbours,

            @Key(value = "tokens taken of a text", fallback = "512")
            int maxLength) {

        public Meters {
            Check.that(neighbours > 0, "neighbours must be positive, got %d", neighbours);
            Check.that(samples > 0, "samples must be positive, got %d", samples);
            Check.that(maxLength > 0, "max_length must be positive, got %d", maxLength);
        }
    }
}
