// The encoder over one opened network: tokens, batches, pooling, order, cancelling. It knows no files and no devices.

import { EraError } from '../errors.ts';
import { prompted, type Role } from '../role.ts';
import type { Space } from '../space.ts';
import { planBatches } from './batches.ts';
import type { EncodeOptions, Encoder, EncoderDevice } from './encoder.ts';
import type { ModelDescription } from './models.ts';
import type { Batch, Network } from './network.ts';
import { poolBatch } from './pooling.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Longest time in milliseconds without a turn of the event loop, which a cancel message needs to reach a worker. Half
 * the long-task limit of 50 ms.
 */
const YIELD_AFTER_MS = 25;

export class NetworkEncoder implements Encoder {
  readonly space: Space;
  readonly device: EncoderDevice;
  readonly #description: ModelDescription;
  #parts: { readonly tokenizer: Tokenizer; readonly network: Network } | undefined;

  constructor(
    space: Space,
    device: EncoderDevice,
    description: ModelDescription,
    tokenizer: Tokenizer,
    network: Network,
  ) {
    this.space = space;
    this.device = device;
    this.#description = description;
    this.#parts = { tokenizer, network };
  }

  async encode(texts: readonly string[], role: Role, options: EncodeOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    const { signal, onProgress, reproducible = false, isPrompted = false } = options;
    const { dims, pooling, maxTokens, queryPrompt, passagePrompt } = this.#description;
    const prompt = isPrompted ? '' : role === 'query' ? queryPrompt : passagePrompt;
    const yieldTurn = createYield();
    texts.forEach(assertText);

    const tokens: Int32Array[] = [];
    for (const text of texts) {
      await yieldTurn();
      signal?.throwIfAborted();
      tokens.push(this.#open.tokenizer.encode(prompted(prompt, text), maxTokens));
    }

    const batches = reproducible ? tokens.map((_, i) => [i]) : planBatches(tokens.map((ids) => ids.length));
    const vectors = new Float32Array(texts.length * dims);
    let doneTexts = 0;
    let doneTokens = 0;
    for (const members of batches) {
      await yieldTurn();
      signal?.throwIfAborted();
      const { network, tokenizer } = this.#open;
      const batch = padBatch(
        members.map((i) => tokens[i]!),
        tokenizer.padId,
      );
      const pooled = poolBatch(await network.run(batch), batch, pooling, dims);
      members.forEach((i, row) => vectors.set(pooled.subarray(row * dims, (row + 1) * dims), i * dims));
      doneTexts += members.length;
      doneTokens += members.reduce((sum, i) => sum + tokens[i]!.length, 0);
      onProgress?.({ doneTexts, totalTexts: texts.length, doneTokens });
    }
    signal?.throwIfAborted();
    return vectors;
  }

  async dispose(): Promise<void> {
    const network = this.#parts?.network;
    this.#parts = undefined;
    await network?.release();
  }

  get #open(): { readonly tokenizer: Tokenizer; readonly network: Network } {
    if (!this.#parts) throw new EraError('closed', 'The encoder was disposed.');
    return this.#parts;
  }
}

/** A function that yields to the event loop when the last yield is longer ago than YIELD_AFTER_MS. */
function createYield(): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    if (performance.now() - lastMs < YIELD_AFTER_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    lastMs = performance.now();
  };
}

function assertText(text: unknown, position: number): void {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new EraError('invalid-input', `Text ${String(position)} is empty or not a text.`, { details: { position } });
  }
}

function padBatch(tokens: readonly Int32Array[], padId: number): Batch {
  const rows = tokens.length;
  const length = Math.max(...tokens.map((ids) => ids.length));
  const ids = new BigInt64Array(rows * length).fill(BigInt(padId));
  const mask = new BigInt64Array(rows * length);
  tokens.forEach((row, r) => {
    ids.set(BigInt64Array.from(row, BigInt), r * length);
    mask.fill(1n, r * length, r * length + row.length);
  });
  return { rows, length, ids, mask };
}
