package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.util.List;

/// A reward that runs in the caller's thread: one of ours that compares text and cannot take long.
record InProcessJudge(Reward reward) implements Judge {

    @Override
    public String name() {
        return reward.name();
    }

    @Override
    public void require(JsonRecord record) {
        reward.require(record);
    }

    @Override
    public List<Verdict> score(List<Answer> answers) {
        return answers.stream().map(this::score).toList();
    }

    private Verdict score(Answer answer) {
        try {
            return Verdict.of(reward.score(answer.record(), answer.text()));
        } catch (RuntimeException | StackOverflowError e) {
            return Verdict.failed("threw " + e);
        }
    }

    @Override
    public void close() {}
}
