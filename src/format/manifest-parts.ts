// Which parts a collection has, by what they are for, and the files that have several of them one after another, so that
// a page makes one request for them: `start`, with which a first visit begins, and `rest`, what is then downloaded in
// the background.

import { joinBytes } from './join-bytes.ts';

/** A `SitePart`. */
interface Part {
  readonly file: string;
  readonly bytes: number;
}

/** A file of consecutive parts of `searchParts`. */
export interface JointFile extends Part {
  /** How many parts it has. */
  readonly parts: number;
}

/** What a manifest lists. */
interface Listed {
  readonly keyword: { readonly base: Part; readonly dictionary: Part; readonly terms: readonly Part[] };
  readonly facets: Part | null;
  readonly curation: Part | null;
  readonly pageParts: readonly Part[];
  readonly textParts: readonly Part[];
  readonly static: {
    readonly head: Part;
    readonly clusters: readonly Part[];
    readonly words: readonly Part[];
    readonly directions: Part;
  } | null;
}

/** The parts that the file `start` begins with, in groups of which a search needs all or may need any. */
export function startList({
  keyword,
  facets,
  curation,
  static: encoding,
  pageParts,
}: Listed): readonly (readonly Part[])[] {
  return [
    [keyword.base],
    ...(facets ? [[facets]] : []),
    ...(curation ? [[curation]] : []),
    ...(encoding ? [[encoding.head]] : []),
    pageParts,
    ...(encoding ? [encoding.clusters] : []),
  ];
}

/**
 * All parts that a search without a model needs, in the order that joint files have. The rows of words that no passage
 * has are not among them: there are many, of which a visitor types a few.
 */
export function searchParts(listed: Listed): Part[] {
  const { keyword, textParts, static: encoding } = listed;
  return [
    ...startList(listed).flat(),
    ...keyword.terms,
    ...textParts,
    keyword.dictionary,
    ...(encoding ? [encoding.directions] : []),
  ];
}

/** All parts of the manifest but those of the vectors. */
export function allParts(listed: Listed): Part[] {
  return [...searchParts(listed), ...(listed.static?.words ?? [])];
}

/** A joint file with its parts. */
export interface FileOfParts {
  readonly file: JointFile;
  readonly parts: readonly Part[];
}

/** The parts of each joint file: `start` where there is one, then `rest`. */
export function jointFiles(
  listed: Listed & { readonly start: JointFile | null; readonly rest: readonly JointFile[] },
): FileOfParts[] {
  const { start, rest } = listed;
  const order = searchParts(listed);
  let at = 0;
  return [...(start ? [start] : []), ...rest].map((file) => ({ file, parts: order.slice(at, (at += file.parts)) }));
}

/** Bytes of parts together, on disk. */
export function sizeOf(parts: readonly Pick<Part, 'bytes'>[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Whether a joint file is as large as its parts. */
export function hasItsParts({ file, parts }: FileOfParts): boolean {
  return parts.length === file.parts && sizeOf(parts) === file.bytes;
}

/** Files of parts one after another. @param files name → bytes */
export function joinFiles(parts: readonly Part[], files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return joinBytes(parts.map(({ file }) => files.get(file)!));
}
