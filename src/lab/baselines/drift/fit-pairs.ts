// The training shared by Drift-Adapter's trained forms (arXiv 2509.23471): the squared error on pairs of texts, 80 % of
// them trained on in shuffled batches, 20 % held out to stop early. The paper does not give optimiser and sizes: AdamW
// is used as in ERA's first stage.

import {
  dispose,
  mean,
  mul,
  squaredDifference,
  sum,
  tensor,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import { Random } from '../../../math/random.ts';
import { row } from '../../../math/vector.ts';
import { checkTextPairs, type TextPairs } from '../../../adapter/align/text-pairs.ts';
import type { TrainingBackend } from '../../../era/backend.ts';
import { fitByGradient, type FitParameter, type FitStep } from '../../gradient/fit.ts';

export interface DriftOptions extends TextPairs {
  readonly backend: TrainingBackend;
  /** A learned factor for each output dimension after the map (the paper's DSM). @default true */
  readonly scaling?: boolean | undefined;
  /** Most epochs. @default 200 */
  readonly epochs?: number | undefined;
  /** Epochs without a smaller error on the held-out texts before training ends. @default 10 */
  readonly patience?: number | undefined;
  /** @default 1e-3 */
  readonly learningRate?: number | undefined;
  /** Texts in each step. @default 256 */
  readonly batchSize?: number | undefined;
  /** Share of the texts that is held out for early stopping. @default 0.2 */
  readonly heldOutShare?: number | undefined;
  /** @default 42 */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: FitStep) => void) | undefined;
}

export interface DriftForm {
  readonly parameters: readonly FitParameter[];
  /** @param parameters in the order of `parameters` @param x [batch, dIn] @returns [batch, dOut] */
  readonly forward: (parameters: readonly Tensor2D[], x: Tensor2D) => Tensor2D;
}

export interface FittedPairs {
  /** In the order of the form's parameters. */
  readonly values: readonly Float32Array<ArrayBuffer>[];
  readonly provenance: Readonly<Record<string, string>>;
}

/** A batch of texts on the backend, [m, dIn], [m, dOut] and their shares of the weight, [m, 1]. */
interface Batch {
  readonly x: Tensor2D;
  readonly y: Tensor2D;
  readonly share: Tensor2D;
}

/**
 * Same seed and device, same values: those with the smallest held-out error.
 * @param form called with the generator after the split, for its initial values
 * @throws EraError `invalid-input` for fewer than two texts, `invalid-option`, `dimension-mismatch`, `not-finite`,
 * `gpu-lost`; the signal's reason
 */
export async function fitPairs(options: DriftOptions, form: (random: Random) => DriftForm): Promise<FittedPairs> {
  const {
    backend,
    epochs = 200,
    patience = 10,
    learningRate = 1e-3,
    batchSize = 256,
    heldOutShare = 0.2,
    seed = 42,
    signal,
    onStep,
  } = options;
  // Texts of weight 0 are left out: they could neither be learned from nor decide.
  const counting = Array.from({ length: checkTextPairs(options) }, (_, i) => i).filter(
    (i) => options.weights?.[i] !== 0,
  );
  const texts = counting.length;
  if (texts < 2)
    throw new EraError('invalid-input', 'One text to learn from and one held out are the least.', {
      details: { texts },
    });
  if (!(heldOutShare > 0 && heldOutShare < 1))
    throw new EraError('invalid-option', `The held-out share is ${heldOutShare}, not between 0 and 1.`);
  const random = new Random(seed);
  const shuffled = random.shuffle(counting);
  const heldOut = Math.max(1, Math.trunc(texts * heldOutShare));
  const batches = new Batches(options, shuffled.slice(heldOut), batchSize, random);
  const { parameters, forward } = form(random);
  const error = (tensors: readonly Tensor[], { x, y, share }: Batch): Scalar =>
    sum(mul(mean<Tensor2D>(squaredDifference(forward(tensors as Tensor2D[], x), y), 1, true), share));

  let measured: Batch | undefined;
  try {
    const { values, step, best } = await fitByGradient({
      backend,
      parameters,
      loss: (tensors) => error(tensors, batches.next()),
      steps: epochs * batches.perEpoch,
      learningRate: () => learningRate,
      check: async (values) => {
        measured ??= upload(options, shuffled.slice(0, heldOut));
        const batch = measured;
        const loss = tidy(() =>
          error(
            values.map((value, i) => tensor(value, [...parameters[i]!.shape])),
            batch,
          ),
        );
        const [number = NaN] = await loss.data<'float32'>();
        loss.dispose();
        return -number;
      },
      checkEvery: batches.perEpoch,
      patience,
      signal,
      onStep,
    });
    const facts = {
      texts,
      heldOut,
      epochs: step / batches.perEpoch,
      heldOutError: -best!,
      learningRate,
      batchSize,
      seed,
      device: backend.kind,
    };
    return {
      values,
      provenance: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)])),
    };
  } finally {
    if (measured) dispose([measured.x, measured.y, measured.share]);
  }
}

/** Endless batches in an order that is shuffled for every epoch. */
class Batches {
  readonly perEpoch: number;
  readonly #pairs: TextPairs;
  readonly #rows: number[];
  readonly #size: number;
  readonly #random: Random;
  #at = 0;

  constructor(pairs: TextPairs, rows: number[], size: number, random: Random) {
    this.#pairs = pairs;
    this.#rows = rows;
    this.#size = size;
    this.#random = random;
    this.perEpoch = Math.ceil(rows.length / size);
  }

  next(): Batch {
    if (this.#at === 0) this.#random.shuffle(this.#rows);
    const rows = this.#rows.slice(this.#at, this.#at + this.#size);
    this.#at = this.#at + this.#size < this.#rows.length ? this.#at + this.#size : 0;
    return upload(this.#pairs, rows);
  }
}

function upload({ x, y, dIn, dOut, weights }: TextPairs, rows: readonly number[]): Batch {
  const inputs = new Float32Array(rows.length * dIn);
  const outputs = new Float32Array(rows.length * dOut);
  const shares = Float32Array.from(rows, (id) => weights?.[id] ?? 1);
  rows.forEach((id, i) => {
    inputs.set(row(x, id, dIn), i * dIn);
    outputs.set(row(y, id, dOut), i * dOut);
  });
  const total = shares.reduce((a, b) => a + b, 0);
  return {
    x: tensor2d(inputs, [rows.length, dIn]),
    y: tensor2d(outputs, [rows.length, dOut]),
    share: tensor2d(
      shares.map((share) => share / total),
      [rows.length, 1],
    ),
  };
}

/** Values uniform in ±1/√fanIn, as PyTorch starts a linear layer. */
export function uniformParameter(
  name: string,
  shape: readonly [number, number],
  fanIn: number,
  random: Random,
): FitParameter {
  const bound = 1 / Math.sqrt(fanIn);
  return {
    name,
    shape,
    value: Float32Array.from({ length: shape[0] * shape[1] }, () => (2 * random.float() - 1) * bound),
  };
}

/** The factors of DSM, all 1 at the start: [1, dOut]. */
export function scalingParameter(dOut: number): FitParameter {
  return { name: 'scaling', shape: [1, dOut], value: new Float32Array(dOut).fill(1) };
}
