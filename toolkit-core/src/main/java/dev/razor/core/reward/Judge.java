package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.List;

/// One reward at work: in this virtual machine, in a process of its own, or in a sandbox.
sealed interface Judge extends AutoCloseable permits InProcessJudge, ProcessJudge, CodeJudge {

    /// What metrics call the reward.
    String name();

    /// As [Reward#require].
    void require(JsonRecord record);

    /// A verdict each, in the answers' order; a reward that fails has failed for that answer only.
    List<Verdict> score(List<Answer> answers);

    @Override
    void close();
}
