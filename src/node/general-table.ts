// Finds the general table of a small model in the folder of the model, and opens that of the default model as an encoder.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_ANALYZER } from '../analysis/analyzers.ts';
import type { Encoder } from '../encode/encoder.ts';
import { DEFAULT_MODEL } from '../encode/models.ts';
import { GENERAL_TABLE_FILE, readGeneralTable, type GeneralTable } from '../encode/static/general-table.ts';
import { openTableEncoder, spaceOfTable, STATIC_MODEL } from '../encode/static/table-encoder.ts';
import { EraError } from '../errors.ts';
import { spaceId, type Space } from '../space.ts';

export interface FoundTable {
  readonly general: GeneralTable;
  /** sha-256 of the file in hexadecimal. */
  readonly sha256: string;
}

/**
 * The table for vectors of a space; null where the model has none, or one for other vectors.
 * @param modelsDir has a folder for each model
 * @throws EraError `model-load` for a damaged one
 */
export async function findGeneralTable(modelsDir: string, space: Space): Promise<FoundTable | null> {
  const isStatic = space.model === STATIC_MODEL;
  const found = await readTable(modelsDir, isStatic ? DEFAULT_MODEL : space.model);
  if (!found) return null;
  const { general, sha256 } = found;
  const made = isStatic ? spaceId(spaceOfTable(general, sha256)) : general.space;
  return made === spaceId(space) ? found : null;
}

/**
 * The encoder “static”, by the table of the default model.
 * @param modelsDir has a folder for each model
 * @throws EraError `model-load` where there is no table, or a damaged one
 */
export async function openStaticEncoder(modelsDir: string): Promise<Encoder> {
  const found = await readTable(modelsDir, DEFAULT_MODEL);
  if (!found)
    throw new EraError('model-load', `${join(modelsDir, DEFAULT_MODEL)} has no ${GENERAL_TABLE_FILE}.`, {
      details: { model: STATIC_MODEL },
    });
  return openTableEncoder(found.general, found.sha256, DEFAULT_ANALYZER.tokens);
}

async function readTable(modelsDir: string, model: string): Promise<FoundTable | null> {
  const bytes = await readFile(join(modelsDir, model, GENERAL_TABLE_FILE)).catch(() => null);
  return (
    bytes && {
      general: readGeneralTable(Uint8Array.from(bytes)),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
  );
}
