package dev.razor.cli.doctor;

import dev.razor.core.base.ConfigException;
import dev.razor.core.sandbox.Sandbox;

/// Whether programs that a model wrote can be run here.
final class SandboxFinding {

    private SandboxFinding() {}

    static Finding look() {
        try {
            return Finding.ok("sandbox", Sandbox.find().description());
        } catch (ConfigException e) {
            String problem = e.problems().getFirst().replaceFirst("^sandbox: ", "");
            Finding finding = Finding.of("sandbox", Finding.Status.WARNING, problem, "see docs/sandbox.md");
            return Finding.warning(
                    "sandbox", finding.found(), "HumanEval and rewards that test code do not run: " + finding.remedy());
        }
    }
}
