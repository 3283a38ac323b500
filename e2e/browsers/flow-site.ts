// The sites of the flows: the fixture site and one from right to left, made by the real command, with watch.ts in every
// page, and a service worker as src/widget/ELEMENT.md describes it.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { indexedFixtureSite } from '../support/indexed-site.ts';
import { rightToLeftSite } from '../support/right-to-left-site.ts';
import { STRICT_HEADERS } from '../support/site-server.ts';
import { watch } from './watch.ts';

/** The site's own policy, as Trusted Types want one for the address of a script. */
const POLICY =
  "const policy = globalThis.trustedTypes?.createPolicy('site', { createScriptURL: (url) => url }) ?? { createScriptURL: (url) => url };\n";
const SERVICE_WORKER = `${POLICY}importScripts(policy.createScriptURL('/era-search/offline.js'));\n`;
const REGISTER = `${POLICY}navigator.serviceWorker?.register(policy.createScriptURL('/sw.js'));\n`;

/** @param connect an origin besides the site's own that its pages may ask */
export function strictHeaders(connect = ''): Readonly<Record<string, string>> {
  return {
    ...STRICT_HEADERS,
    'content-security-policy': STRICT_HEADERS['content-security-policy']!.replace(
      'trusted-types era-search',
      'trusted-types era-search site',
    ).replace("connect-src 'self'", `connect-src 'self' ${connect}`.trimEnd()),
    'cache-control': 'no-cache', // the browser asks each time: no flow passes by its HTTP cache
  };
}

/** @returns the folder, in the system's temporary one; its pages register no service worker */
export async function watchedSite(): Promise<string> {
  return watched(await indexedFixtureSite());
}

export async function watchedRightToLeftSite(): Promise<string> {
  return watched(await rightToLeftSite());
}

/** Adds a service worker, which a page registers that has `register.js`. */
export async function addServiceWorker(folder: string, page: string): Promise<void> {
  await writeFile(join(folder, 'sw.js'), SERVICE_WORKER);
  await writeFile(join(folder, 'register.js'), REGISTER);
  await edit(join(folder, page), (html) =>
    html.replace('</head>', '<script type="module" src="/register.js"></script></head>'),
  );
}

async function watched(folder: string): Promise<string> {
  await writeFile(join(folder, 'watch.js'), `(${String(watch)})();\n`);
  for (const page of globSync('**/*.html', { cwd: folder, absolute: true }))
    await edit(page, (html) => html.replace(/<head[^>]*>/, '$&<script src="/watch.js"></script>'));
  return folder;
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} has no head.`);
  await writeFile(path, after);
}
