/// Run configurations: a YAML file and `--set key=value` become one validated record.
@NullMarked
package dev.razor.core.config;

import org.jspecify.annotations.NullMarked;
