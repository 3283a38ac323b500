// A hash of the running program: saved results are valid only for the program that made them.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.ts';

/** Files that mark the root: the program's entry for a build, the list of errors for the sources. */
const ROOT_MARKS = ['cli.js', 'errors.ts'];

let known: string | null = null;

/**
 * sha-256 over all files of the build (or of the sources, where these run), the versions of its dependencies, and
 * Node's.
 */
export function codeHash(): string {
  known ??= hashOfProgram();
  return known;
}

function hashOfProgram(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!ROOT_MARKS.some((mark) => existsSync(join(root, mark))) && dirname(root) !== root) root = dirname(root);
  const hash = createHash('sha256').update(`${process.version} ${process.arch}\n`);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|ts|wasm)$/.test(name));
  for (const path of [join(packageRoot(), 'package.json'), ...names.sort().map((name) => join(root, name))]) {
    const bytes = readFileSync(path);
    hash.update(`${path.slice(root.length)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}
