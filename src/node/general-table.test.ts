import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERAL_TABLE_FILE, writeGeneralTable } from '../encode/static/general-table.ts';
import { spaceId, type Space } from '../space.ts';
import { findGeneralTable } from './general-table.ts';
import { folderForTest } from './setup/folder-for-test.ts';

const space: Space = { model: 'mine', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 4 };

test('is found for the vectors that it was made for, and for no others', async () => {
  const models = folderForTest({});
  expect(await findGeneralTable(models, space)).toBeNull();
  const terms = ['the', 'house'];
  mkdirSync(join(models, 'mine'), { recursive: true });
  const table = { space: spaceId(space), analyzer: 'standard/1', dims: 4, terms, provenance: {} };
  const numbers = { shares: Float32Array.of(0.1, 0.01), rows: Float32Array.of(1, 2, 3, 4, 4, 3, 2, 1) };
  writeFileSync(join(models, 'mine', GENERAL_TABLE_FILE), writeGeneralTable({ ...table, ...numbers }));
  const found = await findGeneralTable(models, space);
  expect(found!.general.terms).toEqual(terms);
  expect(found!.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await findGeneralTable(models, { ...space, dtype: 'fp32' })).toBeNull();
  writeFileSync(join(models, 'mine', GENERAL_TABLE_FILE), 'damaged');
  await expect(findGeneralTable(models, space)).rejects.toMatchObject({ code: 'model-load' });
});
