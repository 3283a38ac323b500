// What a name in the database points to. A disk or another release can leave anything there, so it is looked at before it
// is believed.

export interface MetaEntry {
  readonly generation: string;
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
  /** Of each chunk, so that one is checked while the next is read; earlier releases did not write them. */
  readonly chunkSha256?: readonly string[] | undefined;
  readonly facts: Readonly<Record<string, string>>;
  /** Number of chunks of the generation. */
  readonly chunks: number;
}

/** No file of a page is larger. */
const MAX_BYTES = 2 ** 31;

/** Whether a record can be what a writer of this or an earlier release has left. */
export function isSound(record: unknown): record is MetaEntry {
  if (typeof record !== 'object' || record === null) return false;
  const { generation, bytes, sha256, chunkSha256, facts, chunks } = record as Partial<Record<keyof MetaEntry, unknown>>;
  return (
    typeof generation === 'string' &&
    isCount(bytes, 0, MAX_BYTES) &&
    isCount(chunks, 1, Math.max(1, bytes)) &&
    typeof sha256 === 'string' &&
    (chunkSha256 === undefined ||
      (Array.isArray(chunkSha256) &&
        chunkSha256.length === chunks &&
        chunkSha256.every((hash) => typeof hash === 'string'))) &&
    typeof facts === 'object' &&
    facts !== null &&
    Object.values(facts).every((fact) => typeof fact === 'string')
  );
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
