// A corpus in JSONL to an index folder: passages, small-model vectors, int8 codes, one file. The same input gives the same bytes.

import { readFile } from 'node:fs/promises';
import type { LoadProgress } from '../../encode/encoder.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { EraError, messageOf } from '../../errors.ts';
import { passageText } from '../../format/index-file.ts';
import type { Manifest } from '../../format/manifest.ts';
import { writeIndex } from '../../format/writer.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { openIndexFolder, writeIndexFolder } from './index-folder.ts';
import { parsePassages } from '../../text/parse-passages.ts';

export interface BuildIndexOptions {
  /** JSONL file, see text/parse-passages.ts. */
  readonly docsPath: string;
  /** Made where it is missing; an index that is there is replaced. */
  readonly outDir: string;
  /** Name of a known small model. @default 'Xenova/all-MiniLM-L6-v2' */
  readonly model?: string | undefined;
  /** Folder that holds `<model>/…`. */
  readonly modelsDir: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((progress: LoadProgress) => void) | undefined;
  readonly onProgress?: ((donePassages: number, totalPassages: number) => void) | undefined;
}

/**
 * Nothing is written before all vectors are there, so a run that is cut short leaves the old index as it was.
 * @throws EraError `malformed-jsonl`, `duplicate-id`, `empty-corpus`, `too-large`, `invalid-option` for a file or folder that cannot be used, `model-load`
 */
export async function buildIndex({ docsPath, outDir, model, modelsDir, signal, onLoad, onProgress }: BuildIndexOptions): Promise<Manifest> {
  const passages = parsePassages(await readText(docsPath));
  await openIndexFolder(outDir);
  const { encoder } = await openEncoder({ model, modelBase: modelsDir, device: 'cpu', signal, onLoad });
  try {
    const vectors = await encoder.encode(passages.map(passageText), 'passage', {
      reproducible: true,
      signal,
      onProgress: ({ doneTexts, totalTexts }) => onProgress?.(doneTexts, totalTexts),
    });
    const { space } = encoder;
    const bytes = writeIndex({ space, vectors: quantizeRows(vectors, space.dims), passages });
    return await writeIndexFolder(outDir, bytes);
  } finally {
    await encoder.dispose();
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new EraError('invalid-option', `${path} cannot be read: ${messageOf(cause)}`, { details: { path }, cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EraError('malformed-jsonl', `${path} is not UTF-8 text.`, { details: { path }, cause });
  }
}
