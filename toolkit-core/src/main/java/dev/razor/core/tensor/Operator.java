package dev.razor.core.tensor;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.razor.core.base.UserException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One ATen operator, callable through libtorch's dispatcher.
///
/// A call fills a stack of 8-byte cells with **every** argument of the operator's schema, defaults included, and
/// the results replace them from cell 0 on. A tensor is passed as a fresh handle, because the dispatcher takes
/// ownership; an optional value is a pointer to a `malloc`-ed cell, which the callee frees, or zero for none.
final class Operator {

    private static final int MAX_ARGUMENTS = 16;

    /// The cells of the call in progress; one call at a time runs on a thread, and none calls back.
    private static final ThreadLocal<Call> CALLS = ThreadLocal.withInitial(Call::new);

    private final String name;
    private final long nativeName;
    private final long nativeOverload;

    Operator(String name, String overload) {
        this.name = overload.isEmpty() ? name : name + "." + overload;
        this.nativeName = Arena.global().allocateFrom(name).address();
        this.nativeOverload = Arena.global().allocateFrom(overload).address();
    }

    /// Starts a call on this thread; the arguments follow in the order of the schema.
    Call call() {
        Call call = CALLS.get();
        call.operator = this;
        call.size = 0;
        call.tensors.clear();
        return call;
    }

    static final class Call {
        private final MemorySegment stack = Arena.ofAuto().allocate(8L * MAX_ARGUMENTS, 8);
        private final MemorySegment out = Arena.ofAuto().allocate(8, 8);
        private final List<NDArray> tensors = new ArrayList<>();
        private @Nullable Operator operator;
        private int size;

        private Call() {}

        Call integer(long value) {
            stack.setAtIndex(JAVA_LONG, size++, value);
            return this;
        }

        Call number(double value) {
            return integer(Double.doubleToRawLongBits(value));
        }

        Call flag(boolean value) {
            return integer(value ? 1 : 0);
        }

        Call type(Dtype value) {
            return integer(value.code());
        }

        /// `None` for an optional argument.
        Call none() {
            return integer(0);
        }

        Call tensor(NDArray value) {
            tensors.add(value);
            return integer(freshHandle(value));
        }

        Call optionalTensor(@Nullable NDArray value) {
            if (value == null) {
                return none();
            }
            tensors.add(value);
            return integer(cell(freshHandle(value)));
        }

        Call optionalInteger(long value) {
            return integer(cell(value));
        }

        Call optionalNumber(double value) {
            return integer(cell(Double.doubleToRawLongBits(value)));
        }

        /// Runs the call and adopts its first result into the manager of `owner`.
        NDArray invoke(NDArray owner) {
            return invoke(owner.getManager());
        }

        /// Runs the call and adopts its first result into `manager`, which then frees it.
        NDArray invoke(NDManager manager) {
            run();
            tensors.clear();
            return new PtNDArray((PtNDManager) manager, stack.getAtIndex(JAVA_LONG, 0));
        }

        /// Runs a call that has several tensor results.
        NDArray[] invokeAll(NDArray owner, int results) {
            run();
            tensors.clear();
            PtNDManager manager = (PtNDManager) owner.getManager();
            NDArray[] all = new NDArray[results];
            for (int i = 0; i < results; i++) {
                all[i] = new PtNDArray(manager, stack.getAtIndex(JAVA_LONG, i));
            }
            return all;
        }

        /// Runs a call whose result is a flag, of which libtorch sets the lowest byte alone.
        boolean invokeFlag() {
            run();
            tensors.clear();
            return (stack.getAtIndex(JAVA_LONG, 0) & 0xFF) != 0;
        }

        /// Runs an in-place operator, whose result is another handle of its first argument.
        void invokeInPlace(NDArray owner) {
            invoke(owner).close();
        }

        private void run() {
            Operator current = operator;
            if (current == null) {
                throw new IllegalStateException("no operator was named for this call");
            }
            int failure;
            try {
                failure = (int) Libtorch.CALL_DISPATCHER.invokeExact(
                        current.nativeName, current.nativeOverload, stack.address());
            } catch (Throwable e) {
                throw unexpected(e);
            }
            if (failure != 0) {
                throw new TensorException(
                        "%s failed on %s; libtorch's own message is on stderr"
                                .formatted(
                                        current.name,
                                        tensors.stream().map(Tensors::describe).toList()),
                        !Tensors.fitsAgain(tensors));
            }
        }

        private long freshHandle(NDArray value) {
            try {
                int failure = (int) Libtorch.NEW_TENSOR_HANDLE.invokeExact(Libtorch.handle(value), out.address());
                if (failure != 0) {
                    throw new TensorException("no new handle for %s".formatted(Tensors.describe(value)));
                }
                return out.get(JAVA_LONG, 0);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private static long cell(long value) {
            try {
                long address = (long) Libtorch.MALLOC.invokeExact(8L);
                MemorySegment.ofAddress(address).reinterpret(8).set(JAVA_LONG, 0, value);
                return address;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }
    }

    static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException runtime -> runtime;
            // a libtorch that is not ours is noticed when [Libtorch] is loaded
            case ExceptionInInitializerError failed when failed.getCause() instanceof UserException user -> user;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
