// Publishes the small model beside an index, for visitors who allow it: in names and sizes that every host serves.

import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AS_THEY_ARE, DESCRIPTION_FILE, ModelFiles } from '../../encode/model-files.ts';
import { portableWeights, type ModelDescription } from '../../encode/models.ts';
import { packedName, PIECE_BYTES, type PackedFile } from '../../transfer/packed-file.ts';
import { EraError, messageOf } from '../../errors.ts';
import { writeIn } from './published-files.ts';

/** The model's files that a page needs: description, tokenizer, known answers, and the weights that run everywhere. */
export async function modelFiles(modelsDir: string, description: ModelDescription): Promise<string[]> {
  const folder = join(modelsDir, description.name);
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new EraError('model-load', `${folder}: ${messageOf(cause)}`, { details: { address: folder }, cause });
  });
  const texts = names.filter((name) => name.endsWith('.json') && name !== DESCRIPTION_FILE).sort();
  return [...texts, `onnx/${portableWeights(description).file}`];
}

export interface PublishModelOptions {
  readonly modelsDir: string;
  readonly description: ModelDescription;
  /** Of `modelFiles`. */
  readonly files: readonly string[];
  /** Folder of all models. */
  readonly output: string;
  readonly signal: AbortSignal | undefined;
  /** @default PIECE_BYTES */
  readonly pieceBytes?: number;
}

/** @returns bytes written @throws EraError `invalid-option`, `model-load`; the signal's reason */
export async function publishModel({
  modelsDir,
  description,
  files,
  output,
  signal,
  pieceBytes = PIECE_BYTES,
}: PublishModelOptions): Promise<number> {
  const { name: model, ...described } = description;
  const source = new ModelFiles(`${join(modelsDir, model)}/`, { signal });
  const folder = join(output, model);
  const packed: Record<string, PackedFile> = {};
  let bytes = 0;
  for (const name of files) {
    const content = await source.bytes(name);
    if (AS_THEY_ARE.includes(name) || (name.endsWith('.json') && content.length <= pieceBytes)) {
      bytes += await writeIn(folder, name, content);
      continue;
    }
    const parts: { file: string; bytes: number }[] = [];
    for (let from = 0; from < content.length; from += pieceBytes) {
      signal?.throwIfAborted();
      const piece = zipped(content.subarray(from, from + pieceBytes));
      const file = packedName(sha256(piece));
      parts.push({ file, bytes: piece.length });
      bytes += await writeIn(folder, file, piece);
    }
    packed[name] = { bytes: content.length, sha256: sha256(content), parts };
  }
  const { dtype, file } = portableWeights(description);
  const text = JSON.stringify({ ...described, weights: { [dtype]: file }, files: packed });
  return bytes + (await writeIn(folder, DESCRIPTION_FILE, new TextEncoder().encode(`${text}\n`)));
}

/** Byte 9 of a gzip header is the operating system; 255 is "unknown". Node writes no time into it. */
export function zipped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(gzipSync(bytes, { level: 9 }));
  file[9] = 255;
  return file;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
