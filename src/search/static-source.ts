// The static query encoder of a published collection: its parts are fetched when a query first needs them, and the words
// of a query are looked up once, while its keywords are.

import type { Analyzer } from '../analysis/analyzer.ts';
import { givesKnownAnswer } from '../encode/static/known-answer.ts';
import { encodeStatic, inPassageSpace, type FindRow } from '../encode/static/static-encoder.ts';
import { EraError } from '../errors.ts';
import type { SiteManifest } from '../format/site-manifest.ts';
import { decodeVectorPart } from '../format/site-parts.ts';
import { decodeCluster, decodeStaticHead } from '../format/static-parts.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import type { PartSource } from '../transfer/part-source.ts';
import { corrected, queryWords, type Corrections } from './query-words.ts';
import type { Retriever } from './retriever.ts';
import { StaticRetriever } from './static-retriever.ts';

export interface StaticSourceParts {
  readonly passages: number;
  readonly parts: PartSource;
  /** Of queries. */
  readonly analyzer: Analyzer;
  readonly row: FindRow;
}

export class StaticSource {
  readonly #manifest: NonNullable<SiteManifest['static']>;
  readonly #parts: StaticSourceParts;
  #retriever: Promise<Retriever> | undefined;
  #directions: Promise<QuantizedVectors> | undefined;
  /** The last text that was read. */
  #last: { readonly text: string; readonly vector: Promise<Float32Array | null> } | undefined;

  constructor(manifest: NonNullable<SiteManifest['static']>, parts: StaticSourceParts) {
    this.#manifest = manifest;
    this.#parts = parts;
  }

  /**
   * The retriever; begins to look up the words of a text that it will be asked.
   * @throws EraError `network`, `timeout`, `index-format`, `self-test-failed`; the next call tries again
   */
  open(text: string): Promise<Retriever> {
    this.#vectorOf(text).catch(() => undefined); // the retriever throws it
    this.#retriever ??= this.#open().catch((error: unknown) => {
      this.#retriever = undefined;
      throw error;
    });
    return this.#retriever;
  }

  async #open(): Promise<Retriever> {
    const { dims, head, clusters } = this.#manifest;
    const { parts, passages, analyzer } = this.#parts;
    const { known, ...rest } = await parts.read(head, (bytes) =>
      decodeStaticHead(bytes, { dims, clusters: clusters.length, passages }),
    );
    if (known && !(await givesKnownAnswer(known, queryWords(known.text, analyzer), dims)))
      throw new EraError(
        'self-test-failed',
        'Queries cannot be read without a model: this release reads the known answer of the collection otherwise.',
      );
    return new StaticRetriever({
      ...rest,
      encode: (text, corrections) => this.#vectorOf(text, corrections),
      isAtHand: (cluster) => parts.isExpected(clusters[cluster]!),
      codes: (cluster, documents) => parts.read(clusters[cluster]!, (bytes) => decodeCluster(bytes, dims, documents)),
    });
  }

  /**
   * Texts in the passages' space.
   * @param space its dimensions
   * @returns [space] of each, unit length; null for a text of which nothing is known
   * @throws as `open`
   */
  async read(texts: readonly string[], space: number): Promise<(Float32Array<ArrayBuffer> | null)[]> {
    await this.open(texts[0] ?? '');
    const { dims, directions: part } = this.#manifest;
    this.#directions ??= this.#parts.parts
      .read(part, (bytes) => decodeVectorPart(bytes, dims, space))
      .catch((error: unknown) => {
        this.#directions = undefined;
        throw error;
      });
    const directions = await this.#directions;
    const rows: (Float32Array<ArrayBuffer> | null)[] = [];
    for (const text of texts) {
      const vector = await this.#vectorOf(text);
      rows.push(vector && inPassageSpace(vector, directions));
    }
    return rows;
  }

  /** [dims] along the encoder's directions; null for a text of which nothing is known. */
  #vectorOf(text: string, corrections: Corrections = new Map()): Promise<Float32Array | null> {
    const { analyzer, row } = this.#parts;
    if (corrections.size > 0)
      return encodeStatic(corrected(queryWords(text, analyzer), corrections), this.#manifest.dims, row);
    if (this.#last?.text === text) return this.#last.vector;
    const vector = encodeStatic(queryWords(text, analyzer), this.#manifest.dims, row);
    const last = { text, vector };
    this.#last = last;
    vector.catch(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return vector;
  }
}
