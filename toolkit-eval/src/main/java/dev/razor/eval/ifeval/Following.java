package dev.razor.eval.ifeval;

import dev.razor.eval.PythonStrings;
import java.util.ArrayList;
import java.util.List;

/// Which instructions of a prompt a response follows.
///
/// An empty response follows none. The loose judgement takes an instruction for followed if one of eight texts
/// follows it: the response; without its first line, without its last, without both (stripped); and each of these
/// without stars.
public final class Following {

    private Following() {}

    /// Whether each instruction is followed to the letter.
    public static List<Boolean> strict(List<Instruction> instructions, String response) {
        return instructions.stream()
                .map(instruction -> follows(instruction, response))
                .toList();
    }

    /// Whether each instruction is followed when the response is read with good will.
    public static List<Boolean> loose(List<Instruction> instructions, String response) {
        List<String> readings = readings(response);
        return instructions.stream()
                .map(instruction -> readings.stream().anyMatch(reading -> follows(instruction, reading)))
                .toList();
    }

    private static boolean follows(Instruction instruction, String response) {
        return !PythonText.isBlank(response) && instruction.follows(response);
    }

    static List<String> readings(String response) {
        List<String> lines = PythonText.split(response, "\n");
        int n = lines.size();
        List<String> readings = new ArrayList<>();
        readings.add(response);
        readings.add(PythonStrings.strip(String.join("\n", lines.subList(1, n))));
        readings.add(PythonStrings.strip(String.join("\n", lines.subList(0, n - 1))));
        readings.add(PythonStrings.strip(String.join("\n", lines.subList(Math.min(1, n - 1), n - 1))));
        for (String reading : List.copyOf(readings)) {
            readings.add(reading.replace("*", ""));
        }
        return readings;
    }
}
