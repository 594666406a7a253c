package dev.razor.study.figures;

/// What stands on the axes, units included.
final class Labels {

    static final String FORWARD_KL = "Forward KL from the base model on the new task (nats)";
    static final String FORGETTING = "Forgetting (accuracy points)";
    static final String NEW_ACCURACY = "New-task accuracy (%)";
    static final String PRIOR_ACCURACY = "Prior accuracy, mean of benchmarks (%)";

    private Labels() {}
}
