/// The toy experiment of RL's Razor: a small network learns the parity of MNIST digits in several ways, and what
/// it forgets of Fashion-MNIST is held against how far it has moved.
@NullMarked
package dev.razor.study.paritymnist;

import org.jspecify.annotations.NullMarked;
