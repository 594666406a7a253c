/// What a run will cost before it is started: bytes by component, floating-point operations a token.
@NullMarked
package dev.razor.core.plan;

import org.jspecify.annotations.NullMarked;
