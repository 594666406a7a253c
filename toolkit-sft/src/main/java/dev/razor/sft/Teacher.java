package dev.razor.sft;

import dev.razor.core.pretrained.LoadOptions;
import dev.razor.core.pretrained.PretrainedModel;
import dev.razor.core.pretrained.SameTokens;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who writes a run's labels: `base` the model it starts from, frozen; `self` the model as it is by now; else
/// another model, by its directory.
final class Teacher {

    private Teacher() {}

    /// Whether the labels are written by the frozen base.
    static boolean isBase(Labels keys) {
        return "base".equals(keys.teacher());
    }

    /// The model of another directory, frozen, or null where the teacher is none.
    ///
    /// @param student the model that is trained
    /// @throws dev.razor.core.base.CheckpointException if it cannot be read, or its tokens are not the student's
    static @Nullable PretrainedModel openOther(SftConfig config, PretrainedModel student) {
        String name = config.labels().teacher();
        if (name == null || name.equals("base") || name.equals("self")) {
            return null;
        }
        var options =
                LoadOptions.frozen(config.training().device(), config.training().dtype());
        PretrainedModel other = PretrainedModel.load(Path.of(name), options);
        boolean same = false;
        try {
            SameTokens.requireTexts(student, other);
            same = true;
            return other;
        } finally {
            if (!same) {
                other.close();
            }
        }
    }

    /// The model that writes.
    ///
    /// @param base the frozen base; needed for `teacher: base`
    /// @param other what [#openOther] gave
    static PretrainedModel of(
            Labels keys, PretrainedModel student, @Nullable PretrainedModel base, @Nullable PretrainedModel other) {
        return switch (Objects.requireNonNull(keys.teacher(), "labels come from the data")) {
            case "base" -> Objects.requireNonNull(base, "teacher: base without a base");
            case "self" -> student;
            default -> Objects.requireNonNull(other, "the teacher was not opened");
        };
    }
}
