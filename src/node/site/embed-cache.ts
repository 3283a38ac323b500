// Cache of passage vectors on disk, so that a second run embeds only what has changed. One file for each space; of a
// text it has the scale and the int8 codes.

import { basename, join } from 'node:path';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import { keyOf, RecordFile } from '../record-file.ts';

/** Part of the file's name: a change of the layout starts a new file. */
const LAYOUT = 2;
const CODES_AT = 4;

export class EmbedCache {
  readonly #file: RecordFile;
  readonly #dims: number;

  /**
   * @param folder created where it is missing @param keptBytes of the file, where the run does not use more
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(folder: string, space: Space, keptBytes?: number) {
    const name = `${basename(space.model).replaceAll(/[^\w.-]/g, '-')}-${keyOf(`${LAYOUT}`, spaceId(space))
      .toString('hex')
      .slice(0, 16)}.vectors`;
    this.#file = new RecordFile(join(folder, name), keptBytes);
    this.#dims = space.dims;
  }

  /** Number of texts when the cache was opened. */
  get size(): number {
    return this.#file.size;
  }

  /** @param codes [dims], filled when the vector is cached @returns its scale, null when it is not cached */
  take(text: string, codes: Int8Array): number | null {
    const content = this.#file.get(keyOf(text));
    if (content?.length !== CODES_AT + this.#dims) return null;
    codes.set(content.subarray(CODES_AT));
    return content.readFloatLE(0);
  }

  /**
   * Appends vectors for later runs: `take` of this one does not see them.
   * @param vectors [texts.length, dims]
   * @throws EraError `storage` when the disk is full or missing
   */
  append(texts: readonly string[], { codes, scales }: QuantizedVectors): void {
    this.#file.append(
      texts.map((text, i) => {
        const content = Buffer.alloc(CODES_AT + this.#dims);
        content.writeFloatLE(scales[i]!, 0);
        content.set(codes.subarray(i * this.#dims, (i + 1) * this.#dims), CODES_AT);
        return [keyOf(text), content];
      }),
    );
  }

  /** Prunes a file that has grown too large. */
  prune(): void {
    this.#file.prune();
  }

  close(): void {
    this.#file.close();
  }
}
