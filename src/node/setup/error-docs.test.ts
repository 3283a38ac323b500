import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorDocs } from './error-docs.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('docs/errors.md is what “npm run docs” makes of the table of codes', () => {
  expect(readFileSync(join(root, 'docs/errors.md'), 'utf8')).toBe(errorDocs(root));
});
