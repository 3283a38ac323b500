// The passages of a task in the index's form: embedded and quantised block by block, and stored on disk by content and
// space, so that a task can be dropped from memory and read again quickly. A file is codes [n, dims], then scales [n]
// as float32 little-endian, then the sha-256 of both.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { prompted } from '../../role.ts';
import { spaceId } from '../../space.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import type { SplitTask } from './load-tasks.ts';
import { readPassages } from './passage-file.ts';

const HASH_BYTES = 32;

export type PassageFile = Pick<SplitTask, 'name' | 'passages' | 'passagesFile' | 'passagesHash'>;

/** @throws EraError of the encoder, its cache and passage-file.ts; the signal's reason */
export async function passageVectors(
  task: PassageFile,
  encoder: CachedEncoder,
  cache: string,
): Promise<QuantizedVectors> {
  const { dims } = encoder.space;
  const folder = join(cache, 'passages');
  const path = join(folder, `${sha256(`${task.passagesHash} ${spaceId(encoder.space)}`).toString('hex', 0, 16)}.i8`);
  const known = read(path, task.passages, dims);
  if (known) return known;
  const vectors = await embed(task, encoder);
  mkdirSync(folder, { recursive: true });
  write(path, vectors);
  return vectors;
}

async function embed({ name, passages, passagesFile }: PassageFile, encoder: CachedEncoder): Promise<QuantizedVectors> {
  const { dims } = encoder.space;
  const codes = new Int8Array(passages * dims);
  const scales = new Float32Array(passages);
  let row = 0;
  for await (const texts of readPassages(passagesFile)) {
    const block = quantizeRows(
      await encoder.encode(
        texts.map((text) => prompted(encoder.space.passagePrompt ?? '', text)),
        { what: `passages of ${name}`, before: row, of: passages },
      ),
      dims,
    );
    codes.set(block.codes, row * dims);
    scales.set(block.scales, row);
    row += texts.length;
  }
  return { codes, scales, dims };
}

/** Undefined where the file is missing or damaged. */
function read(path: string, passages: number, dims: number): QuantizedVectors | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  const scalesAt = passages * dims;
  const hashAt = scalesAt + 4 * passages;
  if (file.length !== hashAt + HASH_BYTES || !sha256(file.subarray(0, hashAt)).equals(file.subarray(hashAt)))
    return undefined;
  const codes = Int8Array.from(new Int8Array(file.buffer, file.byteOffset, scalesAt));
  const scales = new Float32Array(Uint8Array.from(file.subarray(scalesAt, hashAt)).buffer);
  return { codes, scales, dims };
}

/** Writes a temporary file and renames it, so that a kill leaves no partial file. */
function write(path: string, { codes, scales }: QuantizedVectors): void {
  const parts = [new Uint8Array(codes.buffer), new Uint8Array(scales.buffer)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  writeFileSync(`${path}.part`, Buffer.concat([...parts, hash.digest()]));
  renameSync(`${path}.part`, path);
}

function sha256(bytes: string | Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
