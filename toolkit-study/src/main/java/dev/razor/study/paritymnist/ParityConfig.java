package dev.razor.study.paritymnist;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import dev.razor.core.optim.SchedulerType;
import dev.razor.study.work.Experiment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A study file with `experiment: paritymnist`: a small network learns the parity of digits in several ways.
///
/// In the file, `data` is meant from the study file's folder, `output` from the working directory.
public record ParityConfig(
        @Key("what kind of study this is") Experiment experiment,

        @Key(value = "heading of the report", fallback = "'ParityMNIST: what a small network forgot'")
        String title,

        @Key("where the study is written; an interrupted study is continued there")
        Path output,

        @Key(
                value =
                        "folder with mnist/ and fashion-mnist/, each of four IDX files, compressed or not; null is where "
                                + "razor models fetch mnist fashion-mnist puts them",
                fallback = "null")
        @Nullable
        Path data,

        @Key(value = "each pre-trains its own base, and each run is made once for it", fallback = "[42]")
        List<Long> seeds,

        @Key(value = "features of the network's hidden layers", fallback = "[512, 256]")
        List<Integer> hiddenSizes,

        @Key(value = "how each seed's base is made", fallback = "{}")
        Pretraining pretraining,

        @Key(
                value = "highest learning rates; 15 from 3e-6 to 1e-3, evenly spaced in the logarithm",
                fallback = "[3.0e-6, 4.54e-6, 6.88e-6, 1.04e-5, 1.58e-5, 2.39e-5, 3.62e-5, 5.48e-5, 8.29e-5, "
                        + "1.26e-4, 1.9e-4, 2.88e-4, 4.36e-4, 6.6e-4, 1.0e-3]")
        List<Double> learningRate,

        @Key(value = "courses of the learning rate", fallback = "[constant_with_warmup, cosine]")
        List<SchedulerType> lrSchedulerType,

        @Key(value = "lengths of the runs", fallback = "[1, 2]")
        List<Integer> numTrainEpochs,

        @Key(value = "share of the steps in which the learning rate rises", fallback = "0.1")
        double warmupRatio,

        @Key(value = "images a step", fallback = "64") int batchSize,

        @Key(value = "training images of the new task, the first of the file; null: all", fallback = "null") @Nullable
        Integer maxTrainExamples,

        @Key(value = "test images of the new task, the first of the file; null: all", fallback = "null") @Nullable
        Integer maxTestExamples,

        @Key(
                value = "a model is measured every so many epochs, at most after every step, and at its run's end",
                fallback = "0.2")
        double measureEveryEpochs,

        @Key("the methods, each run with every learning rate, course and length")
        List<Method> methods,

        @Key(value = "the run that labels for method teacher", fallback = "null") @Nullable
        Teacher teacher,

        @Key(value = "runs looked at step by step", fallback = "{}")
        Dynamics dynamics) {

    /// More epochs of MNIST than this are more steps than an `int` counts.
    private static final int MOST_EPOCHS = 10_000;

    /// So many measurements of one run at most.
    private static final int MOST_MEASUREMENTS = 10_000;

    public ParityConfig {
        Check.that(experiment == Experiment.PARITYMNIST, "experiment must be paritymnist");
        Check.that(!seeds.isEmpty(), "seeds must name at least one seed");
        differ("seeds", seeds);
        Check.that(
                hiddenSizes.stream().allMatch(size -> size > 0),
                "hidden_sizes must be positive numbers, got %s",
                hiddenSizes);
        Check.that(!methods.isEmpty(), "methods must name at least one method");
        List<String> names = methods.stream().map(Method::name).toList();
        Check.that(names.stream().distinct().count() == names.size(), "methods: names must differ, got %s", names);
        Check.that(
                !learningRate.isEmpty() && learningRate.stream().allMatch(rate -> rate > 0),
                "learning_rate must be positive numbers, got %s",
                learningRate);
        differ("learning_rate", learningRate);
        Check.that(!lrSchedulerType.isEmpty(), "lr_scheduler_type must name at least one");
        differ("lr_scheduler_type", lrSchedulerType);
        Check.that(
                !numTrainEpochs.isEmpty()
                        && numTrainEpochs.stream().allMatch(epochs -> 0 < epochs && epochs <= MOST_EPOCHS),
                "num_train_epochs must be numbers from 1 to %d, got %s",
                MOST_EPOCHS,
                numTrainEpochs);
        differ("num_train_epochs", numTrainEpochs);
        Check.that(0 <= warmupRatio && warmupRatio <= 1, "warmup_ratio must be in [0, 1], got %s", warmupRatio);
        Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        Check.that(
                maxTrainExamples == null || maxTrainExamples > 0,
                "max_train_examples must be positive or null, got %s",
                maxTrainExamples);
        Check.that(
                maxTestExamples == null || maxTestExamples > 0,
                "max_test_examples must be positive or null, got %s",
                maxTestExamples);
        Check.that(
                maxTrainExamples == null || pretraining.examples() <= maxTrainExamples,
                "pretraining.examples is %d, but max_train_examples leaves %s images to take them from; lower it",
                pretraining.examples(),
                maxTrainExamples);
        Check.that(measureEveryEpochs > 0, "measure_every_epochs must be positive, got %s", measureEveryEpochs);
        int longest = Collections.max(numTrainEpochs);
        Check.that(
                longest / measureEveryEpochs <= MOST_MEASUREMENTS,
                "measure_every_epochs must make at most %d measurements of %d epochs, got %s",
                MOST_MEASUREMENTS,
                longest,
                measureEveryEpochs);
        Check.that(
                teacher != null || methods.stream().noneMatch(method -> method.kind() == Kind.TEACHER),
                "teacher must name the run that labels for the method of kind teacher");
        seeds = List.copyOf(seeds);
        hiddenSizes = List.copyOf(hiddenSizes);
        learningRate = List.copyOf(learningRate);
        lrSchedulerType = List.copyOf(lrSchedulerType);
        numTrainEpochs = List.copyOf(numTrainEpochs);
        methods = List.copyOf(methods);
    }

    /// Equal values would make two runs of one name.
    private static void differ(String key, List<?> values) {
        Check.that(values.stream().distinct().count() == values.size(), "%s must differ, got %s", key, values);
    }

    /// How a base is made: all of both tasks at once, the label of a digit drawn among those of its parity.
    public record Pretraining(
            @Key(value = "images of each task", fallback = "500")
            int examples,

            @Key(value = "epochs", fallback = "5") int numTrainEpochs,

            @Key(value = "highest learning rate", fallback = "1e-3")
            double learningRate,

            @Key(value = "its course", fallback = "cosine") SchedulerType lrSchedulerType,

            @Key(value = "share of the steps in which it rises", fallback = "0.1")
            double warmupRatio,

            @Key(value = "images a step", fallback = "64") int batchSize) {

        public Pretraining {
            Check.that(examples > 0, "examples must be positive, got %d", examples);
            Check.that(
                    0 < numTrainEpochs && numTrainEpochs <= MOST_EPOCHS,
                    "num_train_epochs must be from 1 to %d, got %d",
                    MOST_EPOCHS,
                    numTrainEpochs);
            Check.that(learningRate > 0, "learning_rate must be positive, got %s", learningRate);
            Check.that(0 <= warmupRatio && warmupRatio <= 1, "warmup_ratio must be in [0, 1], got %s", warmupRatio);
            Check.that(batchSize > 0, "batch_size must be positive, got %d", batchSize);
        }
    }

    /// Where a method's labels come from.
    public enum Kind {
        /// The model's own draws, rewarded by parity, the group's mean taken off.
        GRPO,
        /// The model's own draws that are right.
        REINFORCE,
        /// 0 for every even digit, 1 for every odd one.
        SFT1,
        /// 0 or 4 for an even digit, 1 or 5 for an odd one, drawn anew at every access.
        SFT2,
        /// The base's own distribution over the labels of the right parity: the closest to the base that is
        /// always right.
        ORACLE,
        /// Draws of a model that was trained before.
        TEACHER
    }

    /// A method.
    public record Method(
            @Key("its name in results") String name,
            @Key("where its labels come from") Kind kind,

            @Key(value = "coefficient of KL(model || base), exact over the classes", fallback = "0")
            double beta,

            @Key(value = "grpo, reinforce: labels drawn for an image", fallback = "8")
            int groupSize,

            @Key(value = "grpo: whether advantages are divided by the group's standard deviation", fallback = "true")
            boolean scaleRewards,

            @Key(
                    value = "oracle: whether labels are drawn from the distribution; else it is the target itself",
                    fallback = "true")
            boolean sampleLabels) {

        public Method {
            Check.that(
                    name.matches("[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,99}") && !name.equals("base") && !name.equals("all"),
                    "name must have letters, digits and . _ + - only and not be base or all, got %s",
                    name);
            Check.that(beta >= 0, "beta must not be negative, got %s", beta);
            Check.that(groupSize > 0, "group_size must be positive, got %d", groupSize);
        }
    }

    /// One run of the grid, by what tells it from the others; each seed has its own.
    public record Teacher(
            @Key("name of its method") String method,

            @Key("its highest learning rate, one of the study's")
            double learningRate,

            @Key("the course of it, one of the study's") SchedulerType lrSchedulerType,
            @Key("its length, one of the study's") int numTrainEpochs) {}

    /// Runs whose every step is held against the gradient of the old task.
    public record Dynamics(
            @Key(value = "names of methods; [] for none", fallback = "[]")
            List<String> methods,

            @Key(value = "highest learning rate", fallback = "1e-4")
            double learningRate,

            @Key(value = "steps that are looked at, the first of one epoch", fallback = "300")
            int steps) {

        public Dynamics {
            Check.that(learningRate > 0, "learning_rate must be positive, got %s", learningRate);
            Check.that(steps > 0, "steps must be positive, got %d", steps);
            differ("methods", methods);
            methods = List.copyOf(methods);
        }
    }
}
