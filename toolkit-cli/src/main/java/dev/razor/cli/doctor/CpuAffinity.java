package dev.razor.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The processors that the scheduler may put this process on, whatever share of them a control group leaves it.
final class CpuAffinity {

    private static final String NAME = "Cpus_allowed_list:";

    private CpuAffinity() {}

    /// How many; 0 where Linux does not say.
    static int count() {
        try {
            return count(Files.readAllLines(Path.of("/proc/self/status")));
        } catch (IOException _) {
            return 0;
        }
    }

    /// @param status the lines of `/proc/self/status`, one of them such as `Cpus_allowed_list: 0-3,8`
    static int count(List<String> status) {
        String list = status.stream()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).strip())
                .findFirst()
                .orElse("");
        int count = 0;
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            if (ends.length <= 2 && range.matches("\\d{1,6}(-\\d{1,6})?")) {
                count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
            }
        }
        return count;
    }
}
