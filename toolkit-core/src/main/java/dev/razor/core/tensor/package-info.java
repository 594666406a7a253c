/// The bridge to libtorch: typed ATen operators over DJL arrays through the C ABI, gradient mode, data types.
///
/// Nothing outside this package sees `java.lang.foreign` or a native handle.
@NullMarked
package dev.razor.core.tensor;

import org.jspecify.annotations.NullMarked;
