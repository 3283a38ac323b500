// AdamW: Adam with decoupled weight decay (Loshchilov & Hutter, ICLR 2019, algorithm 2), with PyTorch's defaults and
// order of operations (torch.optim.AdamW). tfjs has Adam only, with another epsilon and no decay.

import {
  add,
  div,
  keep,
  mul,
  sqrt,
  square,
  sub,
  tidy,
  zerosLike,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Running means of the gradient and of its square, without bias correction. */
export interface Moments<T extends Tensor> {
  readonly first: T;
  readonly second: T;
}

/**
 * Owns one tensor of weights, of any shape, and its two moments; each step replaces `weights`. Without decay it is
 * Adam.
 */
export class AdamW<T extends Tensor = Tensor2D> {
  readonly #weightDecay: number;
  #weights: T;
  #first: T;
  #second: T;
  #steps = 0;

  /**
   * @param weights ownership passes to the optimiser, as with the moments: disposed of with the first step
   * @param state to continue from @default zeros, at step 0
   */
  constructor(weights: T, weightDecay: number, state?: Moments<T> & { readonly steps: number }) {
    this.#weightDecay = weightDecay;
    this.#weights = keep(weights);
    this.#first = keep(state?.first ?? zerosLike(weights));
    this.#second = keep(state?.second ?? zerosLike(weights));
    this.#steps = state?.steps ?? 0;
  }

  get weights(): T {
    return this.#weights;
  }

  get moments(): Moments<T> {
    return { first: this.#first, second: this.#second };
  }

  /**
   * p ← p (1 − lr·wd); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
   * @param gradient of the shape of the weights; the caller keeps ownership
   */
  step(gradient: T, learningRate: number): void {
    this.#steps++;
    const correction1 = 1 - BETA1 ** this.#steps;
    const correction2 = Math.sqrt(1 - BETA2 ** this.#steps);
    const old = [this.#weights, this.#first, this.#second];
    [this.#weights, this.#first, this.#second] = tidy(() => {
      const first = add<T>(mul(this.#first, BETA1), mul(gradient, 1 - BETA1));
      const second = add<T>(mul(this.#second, BETA2), mul(square(gradient), 1 - BETA2));
      const direction = div(first, add(div(sqrt(second), correction2), EPSILON));
      const decayed = mul(this.#weights, 1 - learningRate * this.#weightDecay);
      const weights = sub<T>(decayed, mul(direction, learningRate / correction1));
      return [keep(weights), keep(first), keep(second)];
    });
    for (const tensor of old) tensor.dispose();
  }

  dispose(): void {
    for (const tensor of [this.#weights, this.#first, this.#second]) tensor.dispose();
  }
}
