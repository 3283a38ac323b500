// The large query model over HTTP: duplicates are sent once, batches run in parallel, a batch over the API's limit is
// halved and later ones are sent smaller, and vectors are cached.

import { EraError, isEraError } from '../errors.ts';
import { spaceId, type Space } from '../space.ts';
import { requestEmbeddings } from './embeddings-request.ts';
import { LruCache } from '../lru-cache.ts';
import { prompted, type Role } from '../role.ts';
import type { QueryEncoder } from './query-encoder.ts';
import { resolveRemoteOptions, type RemoteOptions } from './remote-options.ts';

type Vector = Float32Array<ArrayBuffer>;

/**
 * An OpenAI-compatible client for pages, workers and Node. `encode` throws EraError `invalid-input` for an empty text,
 * `unauthorized`, `rate-limited`, `server-error`, `request-refused`, `bad-response`, `dimension-mismatch`, `too-large`,
 * `network`, `timeout`; when it fails, vectors that had arrived stay in the cache.
 * @throws EraError `invalid-option`
 */
export function createRemoteEncoder(options: RemoteOptions): QueryEncoder {
  const settings = resolveRemoteOptions(options);
  const { model, prompt, fieldsId } = settings;
  const revision = fieldsId === '' ? settings.revision : `${settings.revision} ${fieldsId}`;
  let dims = settings.dimensions ?? 0;
  const spaceOf = (): Space => ({ model, revision, dtype: 'api', pooling: 'api', prompt, dims });
  // Read before the first response gives the dimensions: one encoder has one space.
  const keyPrefix = `${spaceId(spaceOf())}\n`;
  // The same input is another request in the other role where the fields of the roles may differ.
  const keyOf = (input: string, role: Role): string => `${keyPrefix}${fieldsId === '' ? '' : `${role}\n`}${input}`;
  const cache = new LruCache<string, Vector>(settings.cacheEntries);

  /** Texts in a request: fewer once the API has refused a batch as too large. */
  let batchTexts = settings.maxBatchTexts;

  const inputOf = (text: string, role: Role): string => (role === 'query' ? prompted(prompt, text) : text);

  const embed = async (inputs: readonly string[], role: Role, signal: AbortSignal): Promise<Vector[]> => {
    try {
      const { vectors, dims: got } = await requestEmbeddings(inputs, role, settings, signal);
      dims ||= got;
      if (got !== dims) {
        throw new EraError(
          'dimension-mismatch',
          `The server's vectors have ${String(got)} numbers, not ${String(dims)}.`,
          { details: { length: got, dims } },
        );
      }
      return inputs.map((_, i) => vectors.slice(i * got, (i + 1) * got));
    } catch (error) {
      if (!isEraError(error, 'too-large')) throw error;
      if (inputs.length === 1) {
        batchTexts = settings.maxBatchTexts; // the length of this text was the reason, not the number of texts
        throw tooLong(inputs[0]!, role, error);
      }
      batchTexts = Math.min(batchTexts, Math.ceil(inputs.length / 2));
      const vectors: Vector[] = [];
      for (let i = 0; i < inputs.length;) {
        vectors.push(...(await embed(inputs.slice(i, (i += batchTexts)), role, signal)));
      }
      return vectors;
    }
  };

  /** Runs batches in parallel and gives each to `take` as it arrives; the first failure stops the rest. */
  const embedAll = async (
    inputs: readonly string[],
    role: Role,
    signal: AbortSignal | undefined,
    take: (batch: readonly string[], vectors: readonly Vector[]) => void,
  ): Promise<void> => {
    const stop = new AbortController();
    const joint = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    let next = 0;
    const runner = async (): Promise<void> => {
      while (next < inputs.length) {
        const batch = inputs.slice(next, (next += batchTexts));
        take(batch, await embed(batch, role, joint));
      }
    };
    try {
      await Promise.all(Array.from({ length: settings.concurrency }, runner));
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };

  return {
    get space() {
      return spaceOf();
    },

    has: (text, role) => cache.has(keyOf(inputOf(text, role), role)),

    encode: async (texts, role, { signal, onProgress } = {}) => {
      signal?.throwIfAborted();
      const inputs = texts.map((text, i) => {
        if (typeof text !== 'string' || text.trim() === '') {
          throw new EraError('invalid-input', `Text ${String(i)} is empty.`, { details: { text: i } });
        }
        return inputOf(text, role);
      });
      const found = new Map<string, Vector | undefined>(inputs.map((input) => [input, cache.get(keyOf(input, role))]));
      const missing = [...found.keys()].filter((input) => !found.get(input));
      const report = (): void => onProgress?.(inputs.filter((input) => found.get(input)).length);
      if (missing.length < found.size) report();
      await embedAll(missing, role, signal, (batch, vectors) => {
        batch.forEach((input, i) => {
          found.set(input, vectors[i]);
          cache.set(keyOf(input, role), vectors[i]!);
        });
        report();
      });
      const out = new Float32Array(inputs.length * dims);
      inputs.forEach((input, i) => out.set(found.get(input)!, i * dims));
      return out;
    },
  };
}

function tooLong(input: string, role: Role, error: EraError): EraError {
  const [what, fields] = role === 'query' ? ['query', 'queryFields'] : ['passage', 'documentFields'];
  return new EraError(
    'too-large',
    `A ${what} of ${String(input.length)} characters is too long for the API. ${error.message.replace(/\.?$/, '.')} Let the API ` +
      `cut long texts with its own field in ${fields}, such as {"truncate": true}, or raise the limit of your server.`,
    { details: { ...error.details, characters: input.length }, cause: error },
  );
}
