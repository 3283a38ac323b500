// The fixture site with its search, as a site's owner makes it: a copy of the folder, then the command.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @param options of `era-search index`, besides the folder @returns the folder, in the system's temporary one */
export async function indexedFixtureSite(...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'era-search-site-'));
  await cp(join(root, 'e2e/fixtures/site'), folder, { recursive: true });
  const command = spawn(process.execPath, [join(root, 'dist/node/cli.js'), 'index', '--site', folder, ...options], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints: string[] = [];
  command.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  const [code] = (await once(command, 'close')) as [number | null];
  if (code !== 0) throw new Error(`era-search index ended with ${String(code)}: ${complaints.join('')}`);
  return folder;
}
