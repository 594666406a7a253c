package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rewards of a run, ready to judge completions:
///
/// ```
/// value = sum over rewards k of  weight_k part_k                    a failed part counts as nothing
/// ```
///
/// A reward that throws, hangs or prints rubbish costs its own completion and nothing else: `math`, Java classes
/// of a user and programs run in processes of their own, with a time limit for each completion.
public final class RewardFunctions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RewardFunctions.class);

    /// So many failures of a reward are told in the log; the others only count.
    private static final int MOST_TOLD = 3;

    private final List<Judge> judges;
    private final List<Double> weights;
    private final List<String> names;
    private final Map<String, Integer> failures = new LinkedHashMap<>();

    private RewardFunctions(List<Judge> judges, List<Double> weights) {
        this.judges = List.copyOf(judges);
        this.weights = List.copyOf(weights);
        this.names = distinct(judges.stream().map(Judge::name).toList());
        names.forEach(name -> failures.put(name, 0));
    }

    /// Makes the rewards ready; processes are started here, so that one that cannot run is found before a model
    /// is loaded.
    ///
    /// @throws dev.razor.core.base.ConfigException if one cannot be had
    public static RewardFunctions open(RewardArguments arguments) {
        List<Judge> judges = new ArrayList<>();
        try {
            for (String reward : arguments.reward()) {
                judges.add(RewardSpec.of(reward).open(arguments.rewardClassPath(), arguments.rewardTimeout()));
            }
        } catch (RuntimeException e) {
            judges.forEach(Judge::close);
            throw e;
        }
        return new RewardFunctions(judges, arguments.weights());
    }

    /// One reward that is at hand, with weight 1; it runs in the caller's thread.
    public static RewardFunctions of(Reward reward) {
        return new RewardFunctions(List.of(new InProcessJudge(reward)), List.of(1.0));
    }

    /// The rewards' names, in the order of the parts of a score: a built-in's name, a class's without its
    /// package, the file of a program or of its script. Of equal names the second ends in `_2`.
    public List<String> names() {
        return names;
    }

    /// Checks that `record` holds what the rewards need.
    ///
    /// @throws dev.razor.core.base.DataException naming file, line and field
    public void require(JsonRecord record) {
        judges.forEach(judge -> judge.require(record));
    }

    /// Judges completions. The time it takes is bounded by the time limit times their number.
    ///
    /// @return a score each, in their order
    public List<RewardScore> score(List<Answer> answers) {
        List<List<Verdict>> verdicts =
                judges.stream().map(judge -> judge.score(answers)).toList();
        List<RewardScore> scores = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            double[] parts = new double[judges.size()];
            double value = 0;
            String failure = null;
            for (int k = 0; k < parts.length; k++) {
                Verdict verdict = verdicts.get(k).get(i);
                parts[k] = verdict.value();
                if (verdict.failure() == null) {
                    value += weights.get(k) * parts[k];
                } else {
                    String told =
                            tell(names.get(k), verdict.failure(), answers.get(i).record());
                    failure = failure == null ? told : failure + "; " + told;
                }
            }
            scores.add(new RewardScore(value, parts, failure));
        }
        return scores;
    }

    /// How often each reward has failed since it was opened.
    public Map<String, Integer> failures() {
        return new LinkedHashMap<>(failures);
    }

    private String tell(String name, String words, JsonRecord record) {
        String failure = words.replaceAll("\\s+", " ").strip();
        int count = failures.merge(name, 1, Integer::sum);
        if (count <= MOST_TOLD) {
            LOG.warn(
                    "{}: reward {} {}; the completion gets nothing from it{}",
                    record.place(),
                    name,
                    failure,
                    count < MOST_TOLD ? "" : ". Further failures are counted, not told");
        }
        return "%s: %s".formatted(name, failure);
    }

    private static List<String> distinct(List<String> names) {
        List<String> result = new ArrayList<>();
        for (String name : names) {
            String free = name;
            for (int n = 2; result.contains(free); n++) {
                free = name + "_" + n;
            }
            result.add(free);
        }
        return List.copyOf(result);
    }

    /// Ends the processes and all that they started.
    @Override
    public void close() {
        judges.forEach(Judge::close);
    }
}
