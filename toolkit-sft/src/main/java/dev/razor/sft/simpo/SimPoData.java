package dev.razor.sft.simpo;

import dev.razor.core.base.DataException;
import dev.razor.core.data.EpochOrder;
import dev.razor.core.data.StepPlan;
import dev.razor.core.tokenizer.Tokenizer;
import dev.razor.core.train.TrainingArguments;
import dev.razor.sft.DataReading;
import dev.razor.sft.LengthLimit;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a run trains on: the pairs of all its files within the length limit, and what became of the others.
///
/// A pair whose two answers are the same is left out and counted: it teaches nothing, published data sets have
/// some, and a file of a data set is not for its user to correct. A file of nothing else is refused.
///
/// @param pairs those of the first entry of `data` first, each entry's in the order of its sorted files
/// @param sizes how many pairs each entry has
/// @param files all files, in the order in which they were read
/// @param cut pairs with a side that was cut at its end
/// @param dropped pairs left out for their length
/// @param ties pairs left out because both answers are the same
public record SimPoData(List<Pair> pairs, List<Integer> sizes, List<Path> files, int cut, int dropped, int ties) {

    private static final Logger LOG = LoggerFactory.getLogger(SimPoData.class);

    /// Reads a run's `data`, and says in a warning what was cut or left out.
    ///
    /// @param contextLength tokens the model can see
    /// @throws dev.razor.core.base.UserException naming each file, record or key that cannot be used
    public static SimPoData read(SimPoConfig config, Tokenizer tokenizer, int vocabularySize, int contextLength) {
        LengthLimit limit = LengthLimit.of(config.maxLength(), config.maxLengthPolicy(), contextLength);
        int[] ties = new int[1];
        DataReading.Found<Pair> found = DataReading.read("data", config.data(), limit, file -> {
            List<Pair> all = PairFile.read(file, tokenizer, vocabularySize);
            List<Pair> different = all.stream().filter(pair -> !pair.isTie()).toList();
            if (different.isEmpty() && !all.isEmpty()) {
                throw new DataException(
                        "%s: in each of its %d records chosen and rejected are the same, so there is nothing to prefer; give other data"
                                .formatted(file, all.size()));
            }
            ties[0] += all.size() - different.size();
            return different;
        });
        if (found.cut() + found.dropped() > 0) {
            LOG.warn(
                    "data: {} of {} pairs have a side of more than max_length = {} tokens: {} cut at their end, {} left out",
                    found.cut() + found.dropped(),
                    found.lengths().size(),
                    limit.maxLength(),
                    found.cut(),
                    found.dropped());
        }
        if (ties[0] > 0) {
            LOG.warn(
                    "data: in {} of {} pairs chosen and rejected are the same; they are left out",
                    ties[0],
                    found.lengths().size() + ties[0]);
        }
        return new SimPoData(found.examples(), found.sizes(), found.files(), found.cut(), found.dropped(), ties[0]);
    }

    /// Which of the pairs each step of the run takes: every epoch is a new seeded permutation of all.
    StepPlan plan(TrainingArguments arguments) {
        return new StepPlan(
                new EpochOrder.Mixture(sizes, null, arguments.seed()),
                arguments.perDeviceTrainBatchSize(),
                arguments.gradientAccumulationSteps());
    }
}
