package dev.razor.core.sandbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whether we are in a container that may run model-written code.
final class ContainerCheck {

    private ContainerCheck() {}

    /// What is missing, one line each; empty if nothing is.
    ///
    /// @param uid the number of the user that we are
    /// @param status the lines of `/proc/self/status`
    /// @param mounts the lines of `/proc/self/mountinfo`
    /// @param interfaces the names of network interfaces that are no loopback
    static List<String> problems(int uid, List<String> status, List<String> mounts, List<String> interfaces) {
        List<String> problems = new ArrayList<>();
        if (uid == 0) {
            add(problems, "must not run as root", "user 0", "--user 1000:1000");
        }
        String capabilities = status.stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .findFirst()
                .orElse("no CapEff in /proc/self/status");
        if (!capabilities.matches("0+")) {
            add(problems, "must hold no capability", capabilities, "--cap-drop ALL");
        }
        if (!interfaces.isEmpty()) {
            add(problems, "must have no network", String.join(", ", interfaces), "--network none");
        }
        String root = mounts.stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 5 && fields[4].equals("/"))
                .map(fields -> fields[5])
                .reduce("no mount at /", (_, last) -> last);
        if (!Arrays.asList(root.split(",", -1)).contains("ro")) {
            add(problems, "must have a read-only root", root, "--read-only");
        }
        return problems;
    }

    private static void add(List<String> problems, String what, String got, String remedy) {
        problems.add("sandbox: the execution container (%s=1) %s, got %s; start it with %s"
                .formatted(Sandbox.CONTAINER_VARIABLE, what, got, remedy));
    }
}
