// The query model of an evaluation: recorded vectors, an embeddings API, or the default small model. Its vectors equal
// those in a page.

import { basename, join } from 'node:path';
import { describeModel } from '../../encode/describe-model.ts';
import { EraError } from '../../errors.ts';
import { assertVectors, normalizeRows } from '../../math/vector.ts';
import { prompted } from '../../role.ts';
import type { Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import type { EvaluateOptions } from './evaluate-options.ts';
import type { SplitTask } from './load-tasks.ts';
import { readNpy, type Matrix } from './npy.ts';
import { openEndpointEncoder, openLocalEncoder } from './text-encoders.ts';

export const DEFAULT_QUERY_MODEL = 'Xenova/bge-small-en-v1.5';

export interface QueryModelVectors {
  /** [task.queries.length, dims] unit rows, in file order. */
  readonly queries: Float32Array<ArrayBuffer>;
  /** [task.sample.length, dims] unit rows. */
  readonly sample: Float32Array<ArrayBuffer>;
}

export interface QueryModel {
  /** Space of the query role. */
  readonly space: Space;
  readonly vectorsOf: (task: SplitTask) => Promise<QueryModelVectors>;
  /** Frees the model: afterwards only vectors that it has given before are available. */
  readonly release: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type QuerySource = Pick<EvaluateOptions, 'vectors' | 'endpoint' | 'models' | 'cache'> &
  Partial<Pick<EvaluateOptions, 'documentModel'>>;

/**
 * @throws EraError of the source: `invalid-input`, `dimension-mismatch`, `not-finite`, `model-load`, or the network
 * family
 */
export async function openQueryModel(
  options: QuerySource,
  tasks: readonly SplitTask[],
  io: CommandIo,
): Promise<QueryModel> {
  if (options.vectors !== undefined) return recordedModel(options.vectors, tasks);
  if (options.endpoint)
    return encodingModel(await openEndpointEncoder(options.endpoint, options.cache, io), options.endpoint.queryPrompt);
  if (options.documentModel === DEFAULT_QUERY_MODEL) {
    throw new EraError(
      'invalid-option',
      `With ${DEFAULT_QUERY_MODEL} for the passages the queries need another model: --endpoint or --vectors.`,
    );
  }
  const encoder = await openLocalEncoder(DEFAULT_QUERY_MODEL, options.models, options.cache, io);
  const { queryPrompt } = await describeModel(
    { name: DEFAULT_QUERY_MODEL },
    `${join(options.models, DEFAULT_QUERY_MODEL)}/`,
  );
  // The name under which this package's server serves the model, as in a page.
  return encodingModel(
    { ...encoder, space: { ...encoder.space, model: basename(DEFAULT_QUERY_MODEL), dtype: 'api', pooling: 'api' } },
    queryPrompt,
  );
}

export function encodingModel(encoder: CachedEncoder, prompt: string): QueryModel {
  return {
    space: { ...encoder.space, prompt },
    vectorsOf: async ({ name, queries, sampleTexts }) => ({
      queries: await encoder.encode(
        queries.map(({ query }) => prompted(prompt, query)),
        `queries of ${name}`,
      ),
      sample: await encoder.encode(sampleTexts, `passages of ${name}`),
    }),
    release: () => encoder.release(),
    close: () => encoder.close(),
  };
}

/** Reads the first task's header for the dimensions, and the rest on demand. */
async function recordedModel(folder: string, tasks: readonly SplitTask[]): Promise<QueryModel> {
  const { dims } = await readNpy(join(folder, `${tasks[0]!.name}.queries.npy`));
  const read = async (file: string, rows: number): Promise<Float32Array<ArrayBuffer>> =>
    unitRows(await readNpy(join(folder, file)), rows, dims, file);
  return {
    space: { model: basename(folder), revision: 'recorded', dtype: 'api', pooling: 'api', prompt: '', dims },
    vectorsOf: async (task) => ({
      queries: await read(`${task.name}.queries.npy`, task.queries.length),
      sample: await read(`${task.name}.docs200.npy`, task.sample.length),
    }),
    release: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function unitRows(matrix: Matrix, rows: number, dims: number, file: string): Float32Array<ArrayBuffer> {
  if (matrix.rows !== rows || matrix.dims !== dims) {
    throw new EraError(
      'dimension-mismatch',
      `${file} holds ${matrix.rows} vectors of ${matrix.dims}, not ${rows} of ${dims}.`,
      {
        details: { rows: matrix.rows, dims: matrix.dims },
      },
    );
  }
  assertVectors(matrix.values, dims, file);
  normalizeRows(matrix.values, dims);
  return matrix.values;
}
