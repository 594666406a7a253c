package dev.razor.sft.label;

import dev.razor.core.base.ConfigException;
import dev.razor.core.base.DataException;
import dev.razor.core.data.DataFiles;
import dev.razor.core.data.FilePattern;
import dev.razor.core.data.JsonRecord;
import dev.razor.core.data.Problems;
import dev.razor.core.pretrained.PromptIds;
import dev.razor.core.reward.RewardFunctions;
import dev.razor.core.run.IoReason;
import dev.razor.core.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has a teacher label a file of prompts: of each prompt the first sample that the reward finds right, among at
/// most `max_samples`. How that relates to the teacher's distribution is told with SFT's own sampler of labels:
/// the first right sample is a draw from the teacher restricted to right answers.
///
/// Work in progress is kept beside the output, see [LabelJournal]. With a local teacher the output has the same
/// bytes however often the run was interrupted; an endpoint promises nothing of the kind.
///
/// A prompt is given up after three failed requests. The output is published without it and the work is kept: the
/// next run with `resume` asks for the prompts that were given up, and for no others.
public final class LabelRun {

    private static final Logger LOG = LoggerFactory.getLogger(LabelRun.class);

    private LabelRun() {}

    /// Whether there is something to do: labels that were never written, not to the end, or with prompts given
    /// up.
    public static boolean isOpen(Path output) {
        return !Files.exists(output) || Files.exists(LabelJournal.file(output));
    }

    /// In which settings the labels that lie at the output differ from what `config` asks for, such as
    /// `temperature 1.0, not 0.7`; empty where nobody knows what they were written with. Data and models are not
    /// compared.
    public static List<String> differences(LabelConfig config) {
        return LabelReport.settings(config.output())
                .map(LabelIdentity.settings(config)::differences)
                .orElse(List.of());
    }

    /// Labels and publishes.
    ///
    /// @param resume go on with work that was interrupted, or left prompts given up, if there is some; an output
    ///     beside which there is none is left alone
    /// @param environment where the endpoint's key is looked for
    /// @return what came of it, or null where the output was there already
    public static @Nullable LabelReport start(
            LabelConfig config, boolean resume, Map<String, String> environment, Progress progress) {
        return start(config, resume, environment, RetryDelay.STANDARD, progress);
    }

    static @Nullable LabelReport start(
            LabelConfig config, boolean resume, Map<String, String> environment, RetryDelay delay, Progress progress) {
        if (Files.exists(config.output())) {
            if (!resume) {
                throw new ConfigException(
                        "output: %s exists; choose another name, or move it away".formatted(config.output()));
            }
            if (!Files.exists(LabelJournal.file(config.output()))) {
                return null;
            }
        }
        List<Path> files = new ArrayList<>();
        config.data().forEach(entry -> files.addAll(FilePattern.files("data", entry)));
        List<JsonRecord> records = new ArrayList<>();
        files.forEach(file -> records.addAll(DataFiles.read(file)));
        LabelIdentity identity = LabelIdentity.of(config, files);
        try (RewardFunctions reward = config.reward() == null ? null : RewardFunctions.open(config.rewardArguments());
                LabelTeacher teacher = teacher(config, environment, delay, reward)) {
            requireGood(records, teacher, reward);
            try (LabelJournal journal = LabelJournal.open(LabelJournal.file(config.output()), identity, resume)) {
                if (label(records, teacher, journal, config.rejected(), progress) == 0
                        && Files.exists(config.output())) {
                    journal.delete(); // of a process that was killed between publishing and this
                    return null;
                }
                return publish(config, records, journal, identity);
            }
        }
    }

    private static LabelTeacher teacher(
            LabelConfig config, Map<String, String> environment, RetryDelay delay, @Nullable RewardFunctions reward) {
        Path model = config.model();
        if (model != null) {
            return LocalTeacher.load(model, config, reward);
        }
        var client = new EndpointClient(config, environment.get(config.endpointKeyEnv()), delay);
        return new EndpointTeacher(client, config, reward);
    }

    private static void requireGood(List<JsonRecord> records, LabelTeacher teacher, @Nullable RewardFunctions reward) {
        Problems problems = new Problems();
        for (JsonRecord record : records) {
            try {
                if (PromptIds.form(record).equals("prompt_ids")) {
                    throw record.problem("prompt_ids", "labels are texts; give prompt or messages");
                }
                if (reward != null) {
                    reward.require(record);
                }
                teacher.require(record);
            } catch (DataException e) {
                problems.add(e);
            }
        }
        problems.throwIfAny("data");
    }

    /// Labels what is not done and what was given up.
    ///
    /// @return how many prompts that were
    private static int label(
            List<JsonRecord> records, LabelTeacher teacher, LabelJournal journal, boolean pairs, Progress progress) {
        List<LabelTask> open = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (journal.has(i) && journal.read(i).givenUp(pairs)) {
                journal.reopen(i);
            }
            if (!journal.has(i)) {
                open.add(new LabelTask(i, records.get(i)));
            }
        }
        int before = journal.size();
        int[] found = new int[1];
        teacher.label(open, label -> {
            journal.append(label);
            found[0] += label.chosen() == null ? 0 : 1;
            progress.update(
                    "prompts",
                    journal.size(),
                    records.size(),
                    "%d of %d labelled".formatted(found[0], journal.size() - before));
        });
        return open.size();
    }

    private static LabelReport publish(
            LabelConfig config, List<JsonRecord> records, LabelJournal journal, LabelIdentity identity) {
        LabelReport report = LabelReport.of(records.size(), journal, config.rejected());
        delete(config.output()); // of an earlier run that gave prompts up: all of it is in the journal
        Path file = LabelReport.file(config.output());
        delete(file); // of a process that was killed between the two files, or that found no label at all
        report.write(file, records, journal, config.rejected(), identity);
        if (report.labelled() == 0) {
            journal.delete();
        }
        report.requireSome(config);
        LabelOutput.write(config.output(), records, journal, config.rejected());
        if (report.givenUp() == 0) {
            journal.delete();
        } else {
            LOG.warn(
                    "{} prompts were given up after failed requests; the same command with --resume asks for them again",
                    report.givenUp());
        }
        LOG.info(
                "labels for {} of {} prompts, {} samples, {} of them right",
                report.labelled(),
                report.prompts(),
                report.counts().samples(),
                report.counts().right());
        return report;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ConfigException(
                    "output: cannot delete %s: %s; delete it yourself".formatted(file, IoReason.of(e)), e);
        }
    }
}
