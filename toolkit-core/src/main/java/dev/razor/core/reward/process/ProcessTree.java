package dev.razor.core.reward.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything that a process has started, and what that has started, until none is left.
///
/// Children are found as descendants; those whose parents have ended, where the system shows its processes in
/// `/proc`, by the session that the first process leads and by a mark in the environment, which they inherit.
final class ProcessTree {

    /// The variable of the environment that holds the mark.
    static final String MARK = "RAZOR_REWARD_PROGRAM";

    private static final Path PROCESSES = Path.of("/proc");

    /// A process may start another between two looks.
    private static final int MOST_ROUNDS = 20;

    private ProcessTree() {}

    /// Kills `root` and all that came of it. Processes that ignore signals die too; nothing is waited for that
    /// could take long.
    static void kill(ProcessHandle root, String mark) {
        Set<ProcessHandle> found = root.descendants().collect(Collectors.toCollection(LinkedHashSet::new));
        found.add(root);
        for (int round = 0; round < MOST_ROUNDS && !found.isEmpty(); round++) {
            Set<ProcessHandle> children = new LinkedHashSet<>();
            for (ProcessHandle process : found) {
                process.descendants().forEach(children::add);
                process.destroyForcibly();
            }
            found = marked(root.pid(), mark);
            children.stream().filter(ProcessHandle::isAlive).forEach(found::add);
            if (!found.isEmpty() && round > 0) {
                pause();
            }
        }
    }

    /// The living processes of the session or with the mark.
    static Set<ProcessHandle> marked(long session, String mark) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path one : all) {
                if (belongs(one, session, mark)) {
                    ProcessHandle.of(Long.parseLong(one.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            return found; // no /proc: descendants are all that can be found
        }
        found.remove(ProcessHandle.current());
        return found;
    }

    private static boolean belongs(Path process, long session, String mark) {
        try {
            // pid (name) state parent group session ...; the name may hold spaces and brackets
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return false;
            }
            return fields[3].equals(Long.toString(session))
                    || Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                            .contains(MARK + "=" + mark);
        } catch (IOException | RuntimeException e) {
            return false; // it has ended, or is another user's
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
