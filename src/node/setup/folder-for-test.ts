// A temporary folder for each test, removed when the test ends.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** @param files path below the folder → content; all get the mode `mode` */
export function folderForTest(files: Readonly<Record<string, string | Uint8Array>> = {}, mode = 0o644): string {
  const folder = mkdtempSync(join(tmpdir(), 'era-search-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode });
  }
  return folder;
}
