package dev.razor.cli.verify;

import dev.razor.core.optim.LearningRateSchedule;
import dev.razor.core.optim.SchedulerType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A learning-rate schedule as a golden file tells it: the name of transformers' function, its arguments, and
/// by how many steps it was advanced before training, such as
/// `get_cosine_schedule_with_warmup(num_warmup_steps=2, num_training_steps=10) advanced by one step`.
///
/// @param firstStep the step of `schedule` that training begins with
record ScheduleText(LearningRateSchedule schedule, int firstStep) {

    private static final Map<String, SchedulerType> FUNCTIONS = Map.of(
            "get_constant_schedule", SchedulerType.CONSTANT,
            "get_constant_schedule_with_warmup", SchedulerType.CONSTANT_WITH_WARMUP,
            "get_linear_schedule_with_warmup", SchedulerType.LINEAR,
            "get_cosine_schedule_with_warmup", SchedulerType.COSINE,
            "get_cosine_with_min_lr_schedule_with_warmup", SchedulerType.COSINE_WITH_MIN_LR);

    private static final Map<String, Integer> NUMERALS = Map.of("one", 1, "two", 2, "three", 3);

    private static final Pattern FUNCTION = Pattern.compile("get_\\w+");
    private static final Pattern ADVANCED = Pattern.compile("advanced by (\\w+) steps?");

    /// The schedule that `text` tells; empty where it is none that Razor has.
    static Optional<ScheduleText> parse(String text, double peak) {
        Matcher function = FUNCTION.matcher(text);
        SchedulerType type = function.find() ? FUNCTIONS.get(function.group()) : null;
        OptionalDouble warmup = argument(text, "num_warmup_steps");
        OptionalDouble total = argument(text, "num_training_steps");
        OptionalDouble minimum = argument(text, "min_lr_rate");
        Optional<Integer> first = firstStep(text);
        boolean told = switch (type) {
            case null -> false;
            case CONSTANT -> true;
            case CONSTANT_WITH_WARMUP -> warmup.isPresent();
            case LINEAR, COSINE -> warmup.isPresent() && total.isPresent();
            case COSINE_WITH_MIN_LR -> warmup.isPresent() && total.isPresent() && minimum.isPresent();
        };
        if (type == null || !told || first.isEmpty()) {
            return Optional.empty();
        }
        var schedule =
                new LearningRateSchedule(type, peak, (int) warmup.orElse(0), (int) total.orElse(1), minimum.orElse(0));
        return Optional.of(new ScheduleText(schedule, first.get()));
    }

    private static OptionalDouble argument(String text, String name) {
        Matcher value = Pattern.compile(name + "=([0-9.]+(?:e-?[0-9]+)?)").matcher(text);
        return value.find() ? OptionalDouble.of(Double.parseDouble(value.group(1))) : OptionalDouble.empty();
    }

    private static Optional<Integer> firstStep(String text) {
        Matcher advanced = ADVANCED.matcher(text);
        if (!advanced.find()) {
            return Optional.of(0);
        }
        String count = advanced.group(1);
        return count.matches("\\d{1,6}")
                ? Optional.of(Integer.parseInt(count))
                : Optional.ofNullable(NUMERALS.get(count));
    }
}
