// The passages of the indexed collections below a folder, with their vectors, as one collection of any size.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { makeBundle, type CollectionBundle } from '../../../src/build/make-bundle.ts';
import { decodeTextPart, decodeVectorPart, joinVectorParts } from '../../../src/format/site-parts.ts';
import { parseSiteManifest, SITE_MANIFEST_FILE } from '../../../src/format/site-manifest.ts';
import { dequantizeRows, quantizeRows } from '../../../src/math/quantize.ts';
import type { Random } from '../../../src/math/random.ts';
import { normalizeRows } from '../../../src/math/vector.ts';
import { rowsIn } from '../../../src/search/numbered-parts.ts';
import { parseSpaceId, type Space } from '../../../src/space.ts';

/** Length of what is added to a copy of a passage's vector. */
const NOISE = 0.5;
/** Share of the words of a copy that are of another passage. */
const OTHER_WORDS = 0.2;

export interface StoredCorpus {
  readonly texts: readonly string[];
  /** [texts.length, dims], of unit length. */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly space: Space;
}

/** @throws where a folder has none, or collections of several spaces */
export async function readCorpus(folder: string): Promise<StoredCorpus> {
  const texts: string[] = [];
  const vectors: Float32Array[] = [];
  let space: string | null = null;
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  for (const name of names.sort()) {
    const path = join(folder, name);
    const manifest = parseSiteManifest(await readFile(join(path, SITE_MANIFEST_FILE), 'utf8'));
    const { passages, pages, textParts, vectorParts } = manifest;
    if (manifest.space === null || (space !== null && space !== manifest.space))
      throw new Error(`${path} has vectors of another model.`);
    space = manifest.space;
    const { dims } = parseSpaceId(space);
    const read = async (file: string): Promise<Uint8Array<ArrayBuffer>> =>
      new Uint8Array(await readFile(join(path, file)));
    for (const [n, { file }] of textParts.entries()) {
      const bytes = new Uint8Array(gunzipSync(await read(file)));
      for (const { text } of decodeTextPart(bytes, { count: rowsIn(textParts, n, passages), pages })) texts.push(text);
    }
    const parts = vectorParts.map(async ({ file }, n) =>
      decodeVectorPart(await read(file), rowsIn(vectorParts, n, passages), dims),
    );
    vectors.push(dequantizeRows(joinVectorParts(await Promise.all(parts))));
  }
  if (space === null) throw new Error(`${folder} has no indexed collection.`);
  const { dims } = parseSpaceId(space);
  const all = new Float32Array(texts.length * dims);
  let at = 0;
  for (const some of vectors) {
    all.set(some, at);
    at += some.length;
  }
  normalizeRows(all, dims);
  return { texts, vectors: all, space: parseSpaceId(space) };
}

/**
 * A collection of so many passages, drawn from the corpus; where it has fewer, they follow again and again, each copy
 * with other words and numbers in places.
 */
export async function bundleOf(corpus: StoredCorpus, passages: number, random: Random): Promise<CollectionBundle> {
  const { dims } = corpus.space;
  const order = random.shuffle(Array.from({ length: corpus.texts.length }, (_, row) => row));
  const vectors = new Float32Array(passages * dims);
  const texts: string[] = [];
  const width = NOISE * Math.sqrt(12 / dims);
  for (let row = 0; row < passages; row++) {
    const source = order[row % order.length]!;
    const isCopy = row >= order.length;
    const other = corpus.texts[random.below(corpus.texts.length)]!.split(' ');
    const words = corpus.texts[source]!.split(' ');
    texts.push(
      isCopy
        ? words.map((word) => (random.float() < OTHER_WORDS ? other[random.below(other.length)]! : word)).join(' ')
        : words.join(' '),
    );
    for (let j = 0; j < dims; j++)
      vectors[row * dims + j] = corpus.vectors[source * dims + j]! + (isCopy ? (random.float() - 0.5) * width : 0);
  }
  normalizeRows(vectors, dims);
  const content = {
    pages: texts.map((_, row) => ({
      id: `passage-${String(row)}`,
      url: '',
      title: '',
      language: 'en',
      meta: {},
      filters: {},
      sort: {},
    })),
    passages: texts.map((text, page) => ({ page, headings: [], anchor: '', text: text || '–', weight: 1 })),
  };
  return makeBundle(content, quantizeRows(vectors, dims), corpus.space, {
    root: './',
    encoder: { model: corpus.space.model, models: null },
    adapters: [],
    zip: (bytes) => new Uint8Array(gzipSync(bytes)),
  });
}
