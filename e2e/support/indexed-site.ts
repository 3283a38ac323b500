// The fixture site with its search, made like a site owner does: a copy of the folder, then the command.

import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runCli } from './cli.ts';

/** @param options of `era-search index`, besides the folder @returns the folder, in the system's temporary one */
export async function indexedFixtureSite(...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'era-search-site-'));
  await cp(join(root, 'e2e/fixtures/site'), folder, { recursive: true });
  await runCli('index', '--site', folder, ...options);
  return folder;
}
