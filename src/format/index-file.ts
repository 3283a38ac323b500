// The index file: what a built index holds, as types. See writer.ts and reader.ts for the bytes, FORMAT.md for the layout.

import type { QuantizedVectors } from '../math/quantize.ts';
import type { Space } from '../space.ts';

/** One piece of text that can be found. `id` is the corpus's own; the row number in the index is its number in rankings. */
export interface Passage {
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  /** Where the passage can be read, relative or http(s). */
  readonly url?: string;
}

/** What every encoder reads of a passage: its title says what the text is about. */
export function passageText({ title, text }: Passage): string {
  return title ? `${title}\n${text}` : text;
}

export interface IndexContent {
  readonly space: Space;
  readonly vectors: QuantizedVectors;
  /** Row order of `vectors`. */
  readonly passages: readonly Passage[];
}

/** A checked, read-only view of an index file. Texts are decoded on demand. */
export interface IndexView {
  readonly space: Space;
  readonly count: number;
  readonly dims: number;
  /** sha-256 of the whole file, hex: names the content. */
  readonly sha256: string;
  /** Views into the file's bytes: not copies. */
  readonly vectors: QuantizedVectors;
  passage: (row: number) => Passage;
  /** All ids in row order. */
  ids: () => string[];
}
