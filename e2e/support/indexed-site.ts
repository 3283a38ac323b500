// A site with its search, made like a site owner does: a folder of pages, then the command.

import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, runCli } from './cli.ts';

/** @param options of `era-search index`, besides the folder @returns the folder, in the system's temporary one */
export async function indexedFixtureSite(...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'era-search-site-'));
  await cp(join(root, 'e2e/fixtures/site'), folder, { recursive: true });
  await runCli('index', '--site', folder, ...options);
  return folder;
}

/**
 * A site of these files, searched by keywords.
 * @returns the folder, in the system's temporary one
 */
export async function indexedFiles(files: Iterable<readonly [path: string, content: string]>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'era-search-files-'));
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await runCli('index', '--site', folder, '--no-vectors');
  return folder;
}
