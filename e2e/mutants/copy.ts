// A copy of the working tree for mutants, so that a run that is killed never leaves one in the files of a developer.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Copied whole where they are there: builds, with the stamps that say of what. */
const BUILT = ['dist/site', 'dist/node', 'dist/site.stamp', 'dist/node.stamp'];

/**
 * What git would see of the tree, builds, and the installed packages as links.
 * @returns the folder, in the system's temporary one
 */
export function copyTree(root: string): string {
  const copy = mkdtempSync(join(realpathSync(tmpdir()), 'era-search-mutants-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  for (const file of [...listed.split('\0'), ...BUILT]) {
    if (file === '' || file === 'node_modules' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  linkPackages(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** A folder of links, not one link: Vite writes its cache beside the packages, and that is the copy's own. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from))
    if (!name.startsWith('.vite')) symlinkSync(realpathSync(join(from, name)), join(to, name));
}
