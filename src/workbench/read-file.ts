// Reads files that a person chose. One over its limit is refused by its size, and not read.

import { MAX_FILE_CHARS } from '../evaluate/parse-task.ts';
import { EraError } from '../index.ts';

/** Bytes of an adapter: a map between two models of 4096 dimensions has 64 MiB. */
export const MAX_ADAPTER_BYTES: number = 2 ** 28;
/** Bytes of a `synonyms.json`, which has at most a million characters. */
export const MAX_CURATION_BYTES: number = 2 ** 22;

/** @param most bytes @throws EraError `too-large` */
export async function readText(file: File, most: number = MAX_FILE_CHARS): Promise<string> {
  return checked(file, most).text();
}

/** @throws EraError `too-large` */
export async function readBytes(file: File, most: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await checked(file, most).arrayBuffer());
}

function checked(file: File, most: number): File {
  if (file.size <= most) return file;
  throw new EraError('too-large', `${file.name} has ${file.size} bytes, more than ${most}: choose a smaller file.`, {
    details: { bytes: file.size, most },
  });
}
