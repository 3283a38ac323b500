// Interface of the large query model: text and role in, unit vectors out. It knows no transport.

import type { Role } from '../role.ts';
import type { Space } from '../space.ts';

/** Reads texts into vectors: the large query model, or one of your own. */
export interface QueryEncoder {
  /** Of the query role. The dimensions are 0 until the first answer when the options do not give them. */
  readonly space: Space;
  /** [texts.length, dims] unit vectors, row-major. @throws EraError of the network family, see errors.ts */
  encode: (
    texts: readonly string[],
    role: Role,
    options?: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((done: number) => void) | undefined },
  ) => Promise<Float32Array<ArrayBuffer>>;
  /** True when the vector of this query text is in the cache, so that no request would be made. */
  has: (text: string, role: Role) => boolean;
}
