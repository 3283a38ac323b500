// Prints what the package weighs, by export, by folder and by file, as the tables of docs/package.md. Packs the builds
// that are there; "npm pack" makes them.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNode } from './node-version.mjs';

requireNode();
const { runScript } = await import('./script.mjs');
const { exportWeights, folderWeights, HEAVY_BYTES, heavyFiles, packTree, readTarball, tableRows } =
  await import('./packed-package.mjs');
const { readJson } = await import('./read-json.mjs');

await runScript(async (_, { root, say, signal }) => {
  const folder = mkdtempSync(join(tmpdir(), 'era-search-pack-'));
  try {
    const tarball = await packTree(root, folder, signal);
    const files = await readTarball(tarball);
    const { exports } = /** @type {import('./declarations.mjs').PackageJson} */ (readJson(join(root, 'package.json')));
    const unpacked = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    say(
      `packed: ${statSync(tarball).size.toLocaleString('en')} bytes; unpacked: ${unpacked.toLocaleString('en')} bytes`,
    );
    say(`files: ${files.size}`);
    for (const weights of [exportWeights(files, exports), folderWeights(files), heavyFiles(files, HEAVY_BYTES)])
      say(['', ...tableRows(weights)].join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
});
