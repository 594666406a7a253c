/// What a completion is worth: verifiers that training and evaluation share, so that they cannot drift apart.
@NullMarked
package dev.razor.core.reward;

import org.jspecify.annotations.NullMarked;
