package dev.razor.sft;

import dev.razor.core.data.EpochOrder;
import dev.razor.core.data.StepPlan;
import dev.razor.core.data.TokenSequence;
import dev.razor.core.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
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
    /// @throws dev.razor.core.base.DataException naming each file and record that cannot be used, of many the
    ///     first
    public static SftData read(
            String key, List<Path> entries, LengthLimit limit, Tokenizer tokenizer, int vocabularySize) {
        DataReading.Found<SftExample> found =
                DataReading.read(key, entries, limit, file -> SftExamples.read(file, tokenizer, vocabularySize));
        SftData data = new SftData(
                found.examples(), found.sizes(), found.files(), found.lengths(), found.cut(), found.dropped());
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
}
