// ERA's stage 1: a linear map trained to turn one model's embeddings of texts into the other model's, without labels.
// Recipe: identical_text_alignment.py of github.com/megagonlabs/ERA, with the values of its train_era_adapter.sh.

import { EraError } from '../errors.ts';
import { Random } from '../math/random.ts';
import { assertVectors, normalizeRows, row } from '../math/vector.ts';
import { checkAdapter, type LinearAdapter, type QueryPath } from '../adapter/adapter.ts';
import type { TrainingBackend } from './backend.ts';
import { cosineLoss } from './losses.ts';
import { randomAdapter } from './random-adapter.ts';
import { train, type EpochProgress, type Examples, type TrainingState } from './train.ts';

export interface AlignEraOptions {
  readonly backend: TrainingBackend;
  /** [n, dIn], row-major: the texts by the query models, in the input order of the path. */
  readonly x: Float32Array;
  /** [n, dOut], row-major: the same texts by the document model. */
  readonly y: Float32Array;
  readonly dIn: number;
  readonly dOut: number;
  /** @default 'remote' */
  readonly path?: QueryPath | undefined;
  readonly from: readonly string[];
  readonly to: string;
  /** @default 100 */
  readonly epochs?: number | undefined;
  /** @default 1e-3 */
  readonly learningRate?: number | undefined;
  /** @default 0.01 */
  readonly weightDecay?: number | undefined;
  /** Texts in each step. @default 256 */
  readonly batchSize?: number | undefined;
  /** Share of the texts that is only measured, never trained on. @default 0.1 */
  readonly heldOutShare?: number | undefined;
  /** @default 42 */
  readonly seed?: number | undefined;
  /** State to continue from, of a run with the same options. */
  readonly resume?: TrainingState | undefined;
  readonly onCheckpoint?: ((state: TrainingState) => void) | undefined;
  /** Milliseconds between two checkpoints. @default 10000 */
  readonly checkpointMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
}

/**
 * Minimises 1 − mean cos(W x + b, y) and returns the last epoch's map. Same seed and device, same map.
 * @throws EraError `invalid-input` for fewer than two texts, `dimension-mismatch`, `not-finite`, `gpu-lost`; the
 * signal's reason
 */
export async function alignEra(options: AlignEraOptions): Promise<LinearAdapter> {
  const {
    backend,
    x,
    dIn,
    dOut,
    path = 'remote',
    from,
    to,
    resume,
    onCheckpoint,
    checkpointMs,
    signal,
    onEpoch,
  } = options;
  const {
    epochs = 100,
    learningRate = 1e-3,
    weightDecay = 0.01,
    batchSize = 256,
    heldOutShare = 0.1,
    seed = 42,
  } = options;
  assertVectors(x, dIn, 'query-side vectors');
  assertVectors(options.y, dOut, 'document-side vectors');
  const n = x.length / dIn;
  if (options.y.length !== n * dOut) {
    throw new EraError(
      'dimension-mismatch',
      `${n} texts on the query side, ${options.y.length / dOut} on the document side.`,
    );
  }
  if (n < 2) throw new EraError('invalid-input', 'Alignment needs at least two texts.', { details: { texts: n } });
  const y = normalizeRows(options.y.slice(), dOut);

  const random = new Random(seed);
  const shuffled = random.shuffle(Array.from({ length: n }, (_, i) => i));
  const heldOut = Math.max(1, Math.trunc(n * heldOutShare));
  const rowsOf = (ids: readonly number[]): Examples => ({
    count: ids.length,
    write: (i, input, target) => {
      input.set(row(x, ids[i]!, dIn));
      target.set(row(y, ids[i]!, dOut));
    },
  });
  const start = randomAdapter({ path, from, to, dIn, dOut }, random);
  const { weight, bias } = await train({
    backend,
    start,
    training: rowsOf(shuffled.slice(heldOut)),
    validation: rowsOf(shuffled.slice(0, heldOut)),
    targetShape: [dOut],
    loss: cosineLoss,
    epochs,
    batchSize,
    weightDecay,
    learningRate: () => learningRate,
    patience: null,
    random,
    resume,
    onCheckpoint,
    checkpointMs,
    signal,
    onEpoch,
  });
  const provenance = {
    method: 'era-align',
    texts: String(n),
    epochs: String(epochs),
    learningRate: String(learningRate),
    weightDecay: String(weightDecay),
    batchSize: String(batchSize),
    seed: String(seed),
    device: backend.kind,
  };
  return checkAdapter({ ...start, weight, bias, provenance });
}
