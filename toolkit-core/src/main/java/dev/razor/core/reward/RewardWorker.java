package dev.razor.core.reward;

import dev.razor.core.base.DataException;
import dev.razor.core.data.JsonRecord;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The main class of a virtual machine that judges with one reward, a Java class. It speaks JSON lines:
///
/// ```
/// -> {"id": 7, "completion": "...", "record": {...}, "file": "...", "line": 3}      <- {"id": 7, "reward": 1.0}
/// -> {"id": 8, "require": true,     "record": {...}, "file": "...", "line": 4}      <- {"id": 8}
/// ```
///
/// or, in place of a reward, `"error": "..."`. It ends when its standard input does, whatever the reward is
/// doing. What the reward prints goes to standard error.
public final class RewardWorker {

    private static final JsonMapper JSON = JsonMapper.shared();

    private RewardWorker() {}

    /// Serves until the standard input ends.
    ///
    /// @param arguments the name of a class that implements [Reward] and has a constructor without arguments
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        System.setIn(InputStream.nullInputStream());
        BlockingQueue<String> questions = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().start(() -> read(questions));
        Reward reward;
        try {
            reward = load(arguments[0]);
        } catch (Throwable e) {
            print(out, JSON.createObjectNode().put("ready", false).put("problem", problem(arguments[0], e)));
            Runtime.getRuntime().halt(1);
            return;
        }
        // What is first read takes long, which no completion should pay for.
        var _ = JSON.readTree("{\"id\": 0, \"record\": {}, \"line\": 1}");
        print(out, JSON.createObjectNode().put("ready", true));
        while (true) {
            ObjectNode question = (ObjectNode) JSON.readTree(questions.take());
            ObjectNode answer = JSON.createObjectNode();
            answer.set("id", question.get("id"));
            boolean whole = true;
            try {
                answer(reward, question, answer);
            } catch (Throwable e) {
                answer.put("error", "threw " + e);
                whole = !(e instanceof OutOfMemoryError);
            }
            print(out, answer);
            if (!whole) {
                Runtime.getRuntime().halt(3); // the next question gets a fresh machine
            }
        }
    }

    private static void answer(Reward reward, ObjectNode question, ObjectNode answer) {
        JsonRecord record = new JsonRecord(
                Path.of(question.get("file").stringValue()),
                question.get("line").intValue(),
                (ObjectNode) question.get("record"));
        if (question.has("require")) {
            try {
                reward.require(record);
            } catch (DataException e) {
                answer.put("problem", e.getMessage());
            }
            return;
        }
        double value = reward.score(record, question.get("completion").stringValue());
        if (Double.isFinite(value)) {
            answer.put("reward", value);
        } else {
            answer.put("error", "gave " + value);
        }
    }

    private static Reward load(String name) throws ReflectiveOperationException {
        return Class.forName(name).asSubclass(Reward.class).getConstructor().newInstance();
    }

    private static String problem(String name, Throwable e) {
        return switch (e) {
            case ClassNotFoundException _ ->
                "there is no class %s on the class path; add its jar or folder to reward_class_path".formatted(name);
            case ClassCastException _ -> "%s does not implement %s".formatted(name, Reward.class.getName());
            case NoSuchMethodException _ -> "%s has no public constructor without arguments".formatted(name);
            case IllegalAccessException _ -> "%s is not public".formatted(name);
            case InstantiationException _ -> "%s is abstract".formatted(name);
            case InvocationTargetException thrown -> "its constructor threw " + thrown.getCause();
            default -> "cannot be loaded: " + e;
        };
    }

    private static void print(PrintStream out, ObjectNode line) {
        out.println(JSON.writeValueAsString(line));
        out.flush();
    }

    private static void read(BlockingQueue<String> questions) {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                questions.add(line);
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }
}
