// The element of a published site as a later release has it: other bytes in one of its workers, which therefore has
// another name, in every file that names it and in the list of offline.js.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param bundle folder of the search, changed in place
 * @param name of the worker
 * @returns paths of the worker below the folder, before and now
 */
export async function publishNextRelease(
  bundle: string,
  name: 'search' | 'encoder',
): Promise<{ readonly before: string; readonly now: string }> {
  const assets = await readdir(join(bundle, 'assets'));
  const before = assets.find((file) => file.startsWith(`${name}.worker-`))!;
  const now = `${name}.worker-next${before.slice(-7)}`;
  await rename(join(bundle, 'assets', before), join(bundle, 'assets', now));
  const own = join(bundle, 'assets', now);
  await writeFile(own, `${await readFile(own, 'utf8')}\n// the next release\n`);
  const scripts = [
    'era-search.js',
    'offline.js',
    ...(await readdir(join(bundle, 'assets'))).map((file) => `assets/${file}`),
  ];
  for (const script of scripts.filter((file) => file.endsWith('.js'))) {
    const text = await readFile(join(bundle, script), 'utf8');
    if (text.includes(before)) await writeFile(join(bundle, script), text.replaceAll(before, now));
  }
  const offline = join(bundle, 'offline.js');
  const text = await readFile(offline, 'utf8');
  const list = /\{"id":.*\}(?=\);\n$)/.exec(text)![0];
  const release = JSON.parse(list) as { id: string; ahead: Record<string, string>; later: Record<string, string> };
  for (const files of [release.ahead, release.later])
    for (const path of Object.keys(files).filter((file) => existsSync(join(bundle, file))))
      files[path] = createHash('sha256')
        .update(await readFile(join(bundle, path)))
        .digest('hex')
        .slice(0, 16);
  release.id = release.ahead['era-search.js']!;
  await writeFile(offline, text.replace(list, JSON.stringify(release)));
  return { before: `assets/${before}`, now: `assets/${now}` };
}
