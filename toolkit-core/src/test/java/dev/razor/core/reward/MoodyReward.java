package dev.razor.core.reward;

import dev.razor.core.data.JsonRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A user's reward that does whatever the completion says.
public final class MoodyReward implements Reward {

    @Override
    public String name() {
        return "moody";
    }

    @Override
    public void require(JsonRecord record) {
        record.text("mood");
    }

    @Override
    public double score(JsonRecord record, String completion) {
        String[] words = completion.split(" ", -1);
        return switch (words[0]) {
            case "hang" -> hang();
            case "throw" -> throw new IllegalStateException("bad mood");
            case "nan" -> Double.NaN;
            case "exit" -> {
                System.exit(0);
                yield 1;
            }
            case "memory" -> memory();
            case "deep" -> deep(0);
            case "print" -> {
                System.out.println("{\"id\": 1, \"reward\": 99}");
                yield 1;
            }
            case "fork" -> {
                fork(words[1]);
                yield hang();
            }
            default -> Double.parseDouble(completion);
        };
    }

    private static double hang() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static double deep(int n) {
        return n < 0 ? 0 : deep(n + 1) + 1;
    }

    private static double memory() {
        List<long[]> all = new ArrayList<>();
        while (all.size() < 1_000_000) {
            all.add(new long[10_000_000]);
        }
        return all.size();
    }

    /// A child that ends and leaves a grandchild, which holds the pipe and ignores signals.
    private static void fork(String seconds) {
        try {
            new ProcessBuilder("sh", "-c", "(trap '' TERM HUP INT; sleep " + seconds + ") & exit 0")
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
