// A space: what made a vector. Two vectors may be compared only if their spaces agree; an adapter maps from one space
// to another.

import { EraError } from './errors.ts';

/** What made a vector: vectors of different spaces are never compared. */
export interface Space {
  /** Model name, such as `Xenova/all-MiniLM-L6-v2`. */
  readonly model: string;
  /** Revision or content hash of the weights; `main` where the provider gives none. */
  readonly revision: string;
  /** Number format of the weights: `q8`, `fp32`, `fp16`, or `api` where the provider does not say. */
  readonly dtype: string;
  /** How the vectors of the tokens become one; `api` where the provider does not say. */
  readonly pooling: 'mean' | 'cls' | 'last' | 'api';
  /** Query prompt with `{text}` for the text; empty for none. Documents never get it. */
  readonly prompt: string;
  /** Prompt of documents; absent for none. */
  readonly passagePrompt?: string;
  /** Numbers in a vector. */
  readonly dims: number;
}

/**
 * `same`: equal in all; `near`: only the number format of the weights differs (cosine ≥ 0.98 on the golden texts); else
 * `different`.
 */
export type SpaceRelation = 'same' | 'near' | 'different';

/** Canonical text form. Equal ids mean equal spaces. */
export function spaceId(space: Space): string {
  const part = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
  return [
    `${part(space.model)}@${part(space.revision)}`,
    `dtype=${part(space.dtype)}`,
    `pool=${space.pooling}`,
    'norm=l2',
    `prompt=${part(space.prompt)}`,
    ...(space.passagePrompt ? [`passage=${part(space.passagePrompt)}`] : []),
    `dims=${String(space.dims)}`,
  ].join(';');
}

const SPACE_ID =
  /^([^;@]+)@([^;@]*);dtype=([^;]*);pool=(mean|cls|last|api);norm=l2;prompt=([^;]*)(?:;passage=([^;]+))?;dims=(\d+)$/;

/** @throws EraError `space-mismatch` for text that is not a space id. */
export function parseSpaceId(id: string): Space {
  const match = SPACE_ID.exec(id);
  if (!match) throw new EraError('space-mismatch', `Not a space id: ${id.slice(0, 200)}`);
  const [, model = '', revision = '', dtype = '', pooling = 'api', prompt = '', passagePrompt, dims = '0'] = match;
  const plain = (text: string): string => {
    try {
      return decodeURIComponent(text.replaceAll('+', '%20'));
    } catch (cause) {
      throw new EraError('space-mismatch', `Not a space id: ${id.slice(0, 200)}`, { cause });
    }
  };
  return {
    model: plain(model),
    revision: plain(revision),
    dtype: plain(dtype),
    pooling: pooling as Space['pooling'],
    prompt: plain(prompt),
    ...(passagePrompt === undefined ? {} : { passagePrompt: plain(passagePrompt) }),
    dims: Number(dims),
  };
}

export function relateSpaces(a: Space, b: Space): SpaceRelation {
  if (spaceId(a) === spaceId(b)) return 'same';
  return spaceId({ ...a, dtype: '' }) === spaceId({ ...b, dtype: '' }) ? 'near' : 'different';
}

/**
 * @param what names the two sides in the message, such as `the index and the encoder`
 * @throws EraError `space-mismatch` unless the spaces are the same or near
 */
export function assertCompatible(a: Space, b: Space, what: string): void {
  if (relateSpaces(a, b) === 'different') {
    throw new EraError('space-mismatch', `Different vector spaces for ${what}: ${spaceId(a)} and ${spaceId(b)}.`, {
      details: { left: spaceId(a), right: spaceId(b) },
    });
  }
}
