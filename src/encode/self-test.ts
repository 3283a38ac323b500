// The known-answer test that every encoder passes before its first use: devices have returned finite, unit-norm, wrong
// vectors (transformers.js#1728). The known answers come from float32 weights on a CPU and are stored beside the model
// as golden.json.

import { EraError, messageOf } from '../errors.ts';
import { dot, row } from '../math/vector.ts';
import type { Encoder } from './encoder.ts';
import type { ModelFiles } from './model-files.ts';
import type { ModelDescription, WeightsDtype } from './models.ts';

export interface GoldenCase {
  readonly text: string;
  /** Token count, [CLS] and [SEP] included. */
  readonly tokens: number;
  /** Unit vector. */
  readonly vector: Float32Array;
}

/**
 * Lowest cosine with the golden vectors that is accepted: between the loss by the number format and the effect of the
 * mildest fault. Eight-bit weights alone reduce the cosine to 0.986, on every processor, and the rounding of processors
 * differs by some ten thousandths; a device that computes part of one layer wrong, drops [SEP] or pools wrong gives
 * 0.974 or less for at least one of the three texts (self-test.test.ts). Differences above the floor do not affect
 * rankings: adapter/METHOD.md. fp32 has no such rounding: 0.99999 on every device.
 */
export const COSINE_FLOOR: Readonly<Record<WeightsDtype, number>> = { q8: 0.98, fp32: 0.999 };

/**
 * Three short texts of different lengths in one batch, so that the test covers padding and masking and is quick on a
 * slow device.
 */
const SELF_TEST_TEXTS = 3;
const SELF_TEST_MAX_TOKENS = 16;

/** @throws EraError `model-load` when golden.json is missing or is not a list of cases for this model */
export async function loadGolden(files: ModelFiles, { dims }: Pick<ModelDescription, 'dims'>): Promise<GoldenCase[]> {
  const cases = ((await files.json('golden.json')) as { cases?: unknown } | null)?.cases;
  const parsed = Array.isArray(cases) ? cases.map((item) => parseCase(item, dims)) : [];
  const good = parsed.filter((item) => item !== undefined);
  if (good.length < parsed.length || !good.some((item) => item.tokens <= SELF_TEST_MAX_TOKENS)) {
    const address = `${files.folder}golden.json`;
    throw new EraError('model-load', `${address} holds no usable golden vectors.`, { details: { address } });
  }
  return good;
}

function parseCase(item: unknown, dims: number): GoldenCase | undefined {
  const { text, tokens, vector } = (item ?? {}) as { text?: unknown; tokens?: unknown; vector?: unknown };
  if (typeof text !== 'string' || typeof tokens !== 'number' || !Array.isArray(vector)) return undefined;
  const numbers = Float32Array.from(vector as number[]);
  return numbers.length === dims && numbers.every(Number.isFinite) ? { text, tokens, vector: numbers } : undefined;
}

/** @throws EraError `self-test-failed`; the signal's reason when aborted */
export async function selfTest(encoder: Encoder, golden: readonly GoldenCase[], signal?: AbortSignal): Promise<void> {
  const cases = golden.filter((item) => item.tokens <= SELF_TEST_MAX_TOKENS).slice(0, SELF_TEST_TEXTS);
  const { dtype, dims } = encoder.space;
  const floor = COSINE_FLOOR[dtype as WeightsDtype];
  const vectors = await encoder
    .encode(
      cases.map((item) => item.text),
      'passage',
      { signal },
    )
    .catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new EraError('self-test-failed', messageOf(cause), { cause });
    });
  cases.forEach(({ text, vector }, i) => {
    const cosine = dot(row(vectors, i, dims), vector);
    if (cosine >= floor) return;
    throw new EraError(
      'self-test-failed',
      `The vector of “${text}” has cosine ${cosine.toFixed(4)} with the known answer, below ${String(floor)}.`,
      {
        details: { cosine, floor },
      },
    );
  });
}
