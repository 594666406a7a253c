package dev.razor.sft;

import dev.razor.core.base.DataException;
import dev.razor.core.data.EpochOrder;
import dev.razor.core.data.FilePattern;
import dev.razor.core.data.Problems;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a run trains on: the sequences of all its files within the length limit, and what became of the others.
///
/// @param examples those of the first entry of `data` first, each entry's in the order of its sorted files
/// @param sizes how many examples each entry has
/// @param files all files, in the order in which they were read
/// @param lengths the tokens of every record before any was cut or left out
/// @param cut records cut at their end
/// @param dropped records left out
public record SftData(
        List<SftExample> examples, List<Integer> sizes, List<Path> files, List<Integer> lengths, int cut, int dropped) {

    private static final Logger LOG = LoggerFactory.getLogger(SftData.class);

    /// Reads a run's `data`.
    ///
    /// @param contextLength tokens the model can see
    /// @throws dev.razor.core.base.UserException naming each file, record or key that cannot be used
    public static SftData read(SftConfig config, Tokenizer tokenizer, int vocabularySize, int contextLength) {
        return read("data", config.data(), LengthLimit.of(config, contextLength), tokenizer, vocabularySize);
    }

    /// Reads files or globs, and says in one warning how many records were longer than the limit.
    ///
    /// @param key where the entries come from, for messages
    /// @throws DataException naming each file and record that cannot be used, of many the first
    public static SftData read(
            String key, List<Path> entries, LengthLimit limit, Tokenizer tokenizer, int vocabularySize) {
        Reading reading = new Reading(limit);
        for (Path entry : entries) {
            reading.entry(key, entry, tokenizer, vocabularySize);
        }
        reading.problems.throwIfAny(key);
        SftData data = reading.data();
        if (data.cut + data.dropped > 0) {
            LOG.warn(
                    "{}: {} of {} records have more than max_length = {} tokens: {} cut at their end, {} left out{}",
                    key,
                    data.cut + data.dropped,
                    data.lengths.size(),
                    limit.maxLength(),
                    data.cut,
                    data.dropped,
                    limit.policy() == SftConfig.LengthPolicy.TRUNCATE && data.dropped > 0
                            ? " (nothing to train on would remain)"
                            : "");
        }
        return data;
    }

    /// The sequences of the examples.
    public List<TokenSequence> sequences() {
        return examples.stream().map(SftExample::sequence).toList();
    }

    /// Which of the examples each step of the run takes.
    public StepPlan plan(SftConfig config) {
        int batchSize = config.training().perDeviceTrainBatchSize();
        int accumulation = config.training().gradientAccumulationSteps();
        long seed = config.training().seed();
        EpochOrder order = new EpochOrder.Mixture(sizes, config.dataWeights(), seed);
        if (config.groupByLength()) {
            int[] tokens = examples.stream()
                    .mapToInt(example -> example.sequence().length())
                    .toArray();
            order = new EpochOrder.ByLength(
                    order, tokens, (int) Math.min(Integer.MAX_VALUE, (long) batchSize * accumulation), seed);
        }
        return new StepPlan(order, batchSize, accumulation);
    }

    /// The work in progress.
    private static final class Reading {

        private final LengthLimit limit;
        private final Problems problems = new Problems();
        private final List<SftExample> examples = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private int cut;
        private int dropped;

        Reading(LengthLimit limit) {
            this.limit = limit;
        }

        void entry(String key, Path entry, Tokenizer tokenizer, int vocabularySize) {
            int read = lengths.size();
            int kept = examples.size();
            boolean good = true;
            try {
                for (Path file : FilePattern.files(key, entry)) {
                    files.add(file);
                    good &= file(file, tokenizer, vocabularySize);
                }
            } catch (DataException e) {
                problems.add(e);
                good = false;
            }
            if (good && examples.size() == kept) {
                problems.add(new DataException(
                        "%s: none of its %d records has something to train on within max_length = %d tokens; raise max_length (max_length_policy is %s)"
                                .formatted(entry, lengths.size() - read, limit.maxLength(), policyName())));
            }
            sizes.add(examples.size() - kept);
        }

        /// Whether all records of the file could be used, if only to be left out.
        private boolean file(Path file, Tokenizer tokenizer, int vocabularySize) {
            boolean good = true;
            try {
                for (SftExample example : SftExamples.read(file, tokenizer, vocabularySize)) {
                    good &= take(example);
                }
            } catch (DataException e) {
                problems.add(e);
                good = false;
            }
            return good;
        }

        private boolean take(SftExample example) {
            TokenSequence sequence = example.sequence();
            lengths.add(sequence.length());
            if (!limit.isExceededBy(sequence)) {
                examples.add(example);
                return true;
            }
            if (limit.policy() == SftConfig.LengthPolicy.FAIL) {
                problems.add(new DataException(
                        "%s: %d tokens, more than max_length = %d; raise it, shorten the record, or set max_length_policy to truncate or drop"
                                .formatted(example.place(), sequence.length(), limit.maxLength())));
                return false;
            }
            TokenSequence shortened = limit.shortened(sequence);
            if (shortened == null) {
                dropped++;
            } else {
                cut++;
                examples.add(new SftExample(example.file(), example.line(), shortened));
            }
            return true;
        }

        private String policyName() {
            return limit.policy().name().toLowerCase(Locale.ROOT);
        }

        SftData data() {
            return new SftData(
                    List.copyOf(examples), List.copyOf(sizes), List.copyOf(files), List.copyOf(lengths), cut, dropped);
        }
    }
}
