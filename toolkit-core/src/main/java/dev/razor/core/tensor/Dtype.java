package dev.razor.core.tensor;

import dev.razor.core.base.Check;

/// A tensor's element type, with libtorch's own code (`c10::ScalarType`) and its size.
///
/// DJL's `DataType` has no bfloat16: such an array shows as `UNKNOWN` there, so Razor asks libtorch.
public enum Dtype {
    FLOAT32(6, 4),
    BFLOAT16(15, 2),
    FLOAT16(5, 2),
    FLOAT64(7, 8),
    INT64(4, 8),
    INT32(3, 4),
    BOOL(11, 1);

    private final int code;
    private final int bytes;

    Dtype(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /// libtorch's number for this type.
    int code() {
        return code;
    }

    /// Bytes an element takes.
    public int bytes() {
        return bytes;
    }

    /// The type libtorch calls `code`.
    static Dtype ofCode(int code) {
        for (Dtype dtype : values()) {
            if (dtype.code == code) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("libtorch's scalar type %d is not one that Razor uses".formatted(code));
    }

    /// Whether values of this type can hold weights.
    public boolean isFloating() {
        return switch (this) {
            case FLOAT32, BFLOAT16, FLOAT16, FLOAT64 -> true;
            case INT64, INT32, BOOL -> false;
        };
    }

    /// Throws unless this type is one a model can be computed in.
    public Dtype requireCompute() {
        Check.that(
                this == FLOAT32 || this == BFLOAT16 || this == FLOAT64,
                "a model is computed in float32, bfloat16 or float64, got %s",
                this);
        return this;
    }

    /// The type that sums over values of this type are taken in: float64 of float64, else float32.
    public Dtype ofSums() {
        return this == FLOAT64 ? FLOAT64 : FLOAT32;
    }
}
