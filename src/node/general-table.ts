// Finds the general table of a small model in the folder of the model.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERAL_TABLE_FILE, readGeneralTable, type GeneralTable } from '../encode/static/general-table.ts';
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
  const bytes = await readFile(join(modelsDir, space.model, GENERAL_TABLE_FILE)).catch(() => null);
  const general = bytes && readGeneralTable(Uint8Array.from(bytes));
  if (general?.space !== spaceId(space)) return null;
  return { general, sha256: createHash('sha256').update(bytes!).digest('hex') };
}
