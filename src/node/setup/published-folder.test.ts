// What "era-search index" publishes with the real element and the real model, by the limits of common hosts: no
// extension that one of them does not know, no file that one of them does not take. Reads the builds, never makes them:
// npm test has made them; alone, run "npx vite build --mode site" first.

import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createIndex, type CreateIndexOptions } from '../site/create-index.ts';
import { html } from '../site/site-for-test.ts';
import { folderForTest } from './folder-for-test.ts';
import { repositoryRoot } from './script.mjs';

const KNOWN = ['.html', '.css', '.js', '.json', '.txt', '.xml', '.svg', '.png', '.jpg', '.gif', '.ico', '.bin'];
/** The lowest limit of docs/hosts.md is 25 MiB; below it stands the one that is promised. */
const MOST_BYTES = 20 * 2 ** 20;

interface PublishedFile {
  readonly name: string;
  readonly bytes: number;
}

async function publish(options: CreateIndexOptions): Promise<PublishedFile[]> {
  const site = folderForTest({ 'a.html': html('Boats', 'A boat floats.'), 'b.html': html('Trees', 'A tree grows.') });
  const index = await createIndex({ cacheDir: null, elementDir: join(repositoryRoot, 'dist/site'), ...options });
  await index.addDirectory({ path: site });
  const { outputPath } = await index.write({ outputPath: join(site, 'era-search') });
  return readdirSync(outputPath, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stat: statSync(join(outputPath, name)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ name, stat }) => ({ name, bytes: stat.size }));
}

test.each<[string, CreateIndexOptions, number]>([
  ['with vectors and the model', {}, 40],
  ['with a model of 34 MB', { model: 'Xenova/bge-small-en-v1.5' }, 40],
  ['without vectors', { vectors: false }, 30],
])('%s every file is one that every host knows and takes', async (_, options, least) => {
  const files = await publish(options);
  expect(files.length).toBeGreaterThan(least);
  expect(files.filter(({ name }) => !KNOWN.includes(extname(name)))).toEqual([]);
  expect(files.filter(({ bytes }) => bytes > MOST_BYTES)).toEqual([]);
  // Jekyll, and with it GitHub Pages, leaves out names that begin with an underscore or a dot.
  expect(files.filter(({ name }) => /(?:^|[/\\])[_.]/.test(name))).toEqual([]);
});
