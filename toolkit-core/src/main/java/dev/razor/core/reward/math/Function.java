package dev.razor.core.reward.math;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that an answer may use: a closed list, all of numbers to a number.
enum Function {
    ADD,
    NEGATE,
    MULTIPLY,
    DIVIDE,
    POWER,
    ROOT,
    ABS,
    FACTORIAL,
    BINOMIAL,
    FLOOR,
    CEIL,
    LOG_OF_BASE,
    EXP("exp"),
    LN("ln log"),
    LG("lg"),
    SIN("sin"),
    COS("cos"),
    TAN("tan tg"),
    COT("cot ctg"),
    SEC("sec"),
    CSC("csc"),
    ARCSIN("arcsin asin"),
    ARCCOS("arccos acos"),
    ARCTAN("arctan atan arctg"),
    SINH("sinh"),
    COSH("cosh"),
    TANH("tanh"),
    MIN("min"),
    MAX("max"),
    GCD("gcd"),
    LCM("lcm");

    private static final Map<String, Function> BY_NAME = new HashMap<>();

    static {
        for (Function function : values()) {
            for (String name : function.names.split(" ", -1)) {
                BY_NAME.put(name, function);
            }
        }
    }

    /// Apart by a space; none for what has signs of its own.
    private final String names;

    Function() {
        this("");
    }

    Function(String names) {
        this.names = names;
    }

    /// The function written as `name`, with or without a backslash before it; null if there is none.
    static @Nullable Function named(String name) {
        return name.isEmpty() ? null : BY_NAME.get(name);
    }

    /// Whether it is one of whole numbers only.
    boolean ofWholeNumbers() {
        return this == FACTORIAL || this == BINOMIAL || this == GCD || this == LCM;
    }

    /// Whether the name has several arguments in brackets.
    boolean ofSeveral() {
        return this == MIN || this == MAX || this == GCD || this == LCM;
    }

    /// What `\sin^{-1}` means; null for what has no such inverse.
    @Nullable
    Function inverse() {
        return this == SIN ? ARCSIN : this == COS ? ARCCOS : this == TAN ? ARCTAN : null;
    }
}
