// The sites of the flows: the fixture site and one from right to left, made by the real command, with watch.ts in every
// page, and a service worker as src/widget/ELEMENT.md describes it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { indexedFixtureSite } from '../support/indexed-site.ts';
import { rightToLeftSite } from '../support/right-to-left-site.ts';
import { editPage } from '../support/service-worker-site.ts';
import { watch } from './watch.ts';

/** @returns the folder, in the system's temporary one; its pages register no service worker */
export async function watchedSite(): Promise<string> {
  return watched(await indexedFixtureSite());
}

export async function watchedRightToLeftSite(): Promise<string> {
  return watched(await rightToLeftSite());
}

async function watched(folder: string): Promise<string> {
  await writeFile(join(folder, 'watch.js'), `(${String(watch)})();\n`);
  for (const page of globSync('**/*.html', { cwd: folder, absolute: true }))
    await editPage(page, (html) => html.replace(/<head[^>]*>/, '$&<script src="/watch.js"></script>'));
  return folder;
}
