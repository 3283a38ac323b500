// An adapter as a safetensors file: `proj.weight` [dOut, dIn] and `proj.bias` [dOut], as PyTorch's nn.Linear names
// them, so that it can be read and written in Python too. Path, spaces and provenance are in the file's metadata.

import { EraError } from '../errors.ts';
import { readSafetensors, type Tensor, writeSafetensors } from '../format/safetensors.ts';
import { checkAdapter, isKeywordFactor, QUERY_PATHS, type LinearAdapter } from './adapter.ts';

const WEIGHT = 'proj.weight';
const BIAS = 'proj.bias';
const KEYWORD_FACTOR = 'keywordFactor';
const PROVENANCE = 'provenance.';

/** The path and the spaces that an adapter maps between. */
export type AdapterFrame = Pick<LinearAdapter, 'path' | 'from' | 'to'>;

export interface ReadAdapterOptions {
  /** Used for a file without its own frame, such as one saved by PyTorch. The file's own frame has priority. */
  readonly frame?: AdapterFrame | undefined;
  /** Refuses an adapter of another path or between other spaces; absent fields are not checked. */
  readonly expect?: Partial<AdapterFrame> | undefined;
}

/** @throws EraError `dimension-mismatch`, `not-finite` for an adapter that is not sound */
export function writeAdapter(adapter: LinearAdapter): Uint8Array<ArrayBuffer> {
  const { path, from, to, dIn, dOut, weight, bias, keywordFactor = 1, provenance } = checkAdapter(adapter);
  const tensors = new Map<string, Tensor>([
    [WEIGHT, { shape: [dOut, dIn], data: weight }],
    [BIAS, { shape: [dOut], data: bias }],
  ]);
  const notes = Object.entries(provenance).map(([key, value]) => [PROVENANCE + key, value] as const);
  // Python's safetensors.torch writes `format: pt`, and some readers require it.
  return writeSafetensors(tensors, {
    format: 'pt',
    path,
    from: JSON.stringify(from),
    to,
    ...(keywordFactor === 1 ? {} : { [KEYWORD_FACTOR]: String(keywordFactor) }),
    ...Object.fromEntries(notes),
  });
}

/** @throws EraError `adapter-format`, `dimension-mismatch`, `not-finite`, `space-mismatch` */
export function readAdapter(bytes: Uint8Array<ArrayBuffer>, options: ReadAdapterOptions = {}): LinearAdapter {
  const { tensors, metadata } = readSafetensors(bytes);
  const weight = tensors.get(WEIGHT);
  const bias = tensors.get(BIAS);
  if (!weight || !bias) throw new EraError('adapter-format', `The file holds no ${weight ? BIAS : WEIGHT}.`);
  const [dOut, dIn] = weight.shape;
  if (!dOut || !dIn || weight.shape.length !== 2) throw new EraError('adapter-format', `${WEIGHT} is not a matrix.`);
  if (bias.shape.length !== 1 || bias.data.length !== dOut) {
    throw new EraError('dimension-mismatch', `${WEIGHT} has ${dOut} rows and ${BIAS} ${bias.data.length} numbers.`, {
      details: { dOut, bias: bias.data.length },
    });
  }
  const frame = frameOf(metadata) ?? options.frame;
  if (!frame)
    throw new EraError(
      'adapter-format',
      'The file does not say which spaces it maps between, and the caller does not either.',
    );
  if (options.expect) assertExpected(frame, options.expect);
  const provenance = Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => key.startsWith(PROVENANCE))
      .map(([key, value]) => [key.slice(PROVENANCE.length), value]),
  );
  const { path, from, to } = frame;
  const { [KEYWORD_FACTOR]: factor } = metadata;
  const keywordFactor = factor === undefined ? undefined : Number(factor);
  if (keywordFactor !== undefined && !isKeywordFactor(keywordFactor))
    throw new EraError('adapter-format', `The factor of keywords is “${factor!}”.`);
  return checkAdapter({
    path,
    from,
    to,
    dIn,
    dOut,
    weight: Float32Array.from(weight.data),
    bias: Float32Array.from(bias.data),
    ...(keywordFactor === undefined ? {} : { keywordFactor }),
    provenance,
  });
}

/** Null where the file has none of the three. */
function frameOf({ path, from, to }: Readonly<Partial<Record<string, string>>>): AdapterFrame | null {
  if (path === undefined && from === undefined && to === undefined) return null;
  const known = QUERY_PATHS.find((candidate) => candidate === path);
  if (!known || from === undefined || to === undefined)
    throw new EraError('adapter-format', 'Path and spaces of the adapter are incomplete.');
  return { path: known, from: parseSpaces(from), to };
}

function parseSpaces(json: string): string[] {
  let spaces: unknown;
  try {
    spaces = JSON.parse(json);
  } catch (cause) {
    throw new EraError('adapter-format', 'The list of input spaces is not JSON.', { cause });
  }
  if (!Array.isArray(spaces) || spaces.length === 0 || !spaces.every((space) => typeof space === 'string')) {
    throw new EraError('adapter-format', 'The list of input spaces is not a list of space ids.');
  }
  return spaces;
}

function assertExpected(frame: AdapterFrame, expected: Partial<AdapterFrame>): void {
  const compare = (what: string, found: string, wanted: string | undefined): void => {
    if (wanted === undefined || wanted === found) return;
    throw new EraError('space-mismatch', `The adapter's ${what} is ${found}, not ${wanted}.`, {
      details: { found, wanted },
    });
  };
  compare('path', frame.path, expected.path);
  compare('input', frame.from.join(' + '), expected.from?.join(' + '));
  compare('output', frame.to, expected.to);
}
