// A site with a service worker, as docs/site-search.md describes it, under the strictest headers.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STRICT_HEADERS } from './site-server.ts';

/** Trusted Types require a policy for script addresses, in the page and in the worker; a site brings its own. */
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

/** Adds a service worker, which these pages register. */
export async function addServiceWorker(folder: string, ...pages: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'sw.js'), SERVICE_WORKER);
  await writeFile(join(folder, 'register.js'), REGISTER);
  for (const page of pages)
    await editPage(join(folder, page), (html) =>
      html.replace('</head>', '<script type="module" src="/register.js"></script></head>'),
    );
}

/** @throws Error where nothing has changed */
export async function editPage(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} has no head.`);
  await writeFile(path, after);
}
