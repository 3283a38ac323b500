// Makes the folder of text that the general table of the default model is made from, out of documentation, dictionaries
// and books that Debian packages:
//   node e2e/bench/run.mjs debian-text --out DIR
//   npx era-search static-base --text DIR
// The documentations of sites.bench.ts are left out, so that the table does not know what is measured with it.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { glob } from 'tinyglobby';
import { decodeHtml } from '../../src/node/site/decode-html.ts';
import { extractPage } from '../../src/node/site/extract/extract-page.ts';
import { downloadPackage, packageIn, unpackPackage } from './debian-package.ts';

/** Package → licence of its text, as its copyright file says. */
const PACKAGES: Readonly<Record<string, string>> = {
  'wordnet-base': 'WordNet 3.0 licence (Princeton University)',
  'dict-gcide': 'GPL-3.0-or-later (GNU Collaborative International Dictionary of English)',
  'dict-foldoc': 'GFDL-1.1-or-later (Free On-line Dictionary of Computing)',
  'dict-jargon': 'public domain (Jargon File)',
  'dict-devil': 'public domain (A. Bierce, The Devil’s Dictionary)',
  'dict-elements': 'GPL-2.0-or-later (J. Kominek, Elements)',
  anarchism: 'GFDL-1.1-or-later or GPL-2.0-or-later (An Anarchist FAQ)',
  'developers-reference': 'GPL-2.0-or-later',
  'debian-policy': 'GPL-2.0-or-later',
  'debian-reference-en': 'GPL-2.0-or-later',
  'debian-faq': 'GPL-2.0-or-later',
  'gnucash-docs': 'GFDL-1.1-or-later',
  'gimp-help-en': 'GFDL-1.2-or-later',
  'postgresql-doc-15': 'PostgreSQL',
  'apache2-doc': 'Apache-2.0',
  'cmake-doc': 'BSD-3-Clause',
  'libvirt-doc': 'LGPL-2.1-or-later',
  'erlang-doc': 'Apache-2.0',
  'nodejs-doc': 'MIT',
  'rust-doc': 'MIT or Apache-2.0',
  'python-django-doc': 'BSD-3-Clause',
  'python-scipy-doc': 'BSD-3-Clause',
  'python-pandas-doc': 'BSD-3-Clause',
  'python-sklearn-doc': 'BSD-3-Clause',
  'python-sqlalchemy-doc': 'MIT',
  'python-statsmodels-doc': 'BSD-3-Clause',
  'octave-doc': 'GPL-3.0-or-later',
  'maxima-doc': 'GPL-2.0-or-later',
  'lilypond-doc-html': 'GFDL-1.3-or-later',
  'swi-prolog-doc': 'BSD-2-Clause',
  'grass-doc': 'GPL-2.0-or-later',
  'wireshark-doc': 'GPL-2.0-or-later',
  'libgtk-3-doc': 'LGPL-2.1-or-later',
  'qtbase5-doc-html': 'GFDL-1.3',
  'openjdk-17-doc': 'GPL-2.0 with Classpath exception',
  'linux-doc-6.1': 'GPL-2.0',
};
/** Pages of a package, spread over it. */
const MOST_PAGES = 2500;

const { values } = parseArgs({ args: process.argv.slice(3), options: { out: { type: 'string' } } });
if (values.out === undefined) throw new Error('Name the folder for the text: --out DIR');
const out = resolve(values.out);

for (const [name, licence] of Object.entries(PACKAGES)) {
  const folder = join(out, name);
  if ((await readdir(folder).catch(() => [])).length > 1) continue;
  const work = await mkdtemp(join(tmpdir(), 'era-search-text-'));
  try {
    await downloadPackage(name, work);
    const deb = (await packageIn(work))!;
    await unpackPackage(work, join(work, 'package'));
    const paragraphs = await paragraphsOf(join(work, 'package'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'text.txt'), `${paragraphs.join('\n')}\n`);
    await writeFile(
      join(folder, 'licence.txt'),
      `${licence}; Debian ${decodeURIComponent(deb.replace(/_[a-z0-9]+\.deb$/, ''))}\n`,
    );
    console.log(`${name}: ${String(paragraphs.length)} paragraphs`);
  } catch (error) {
    console.log(`${name} is left out: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function paragraphsOf(folder: string): Promise<string[]> {
  const find = async (pattern: string): Promise<string[]> =>
    (await glob(pattern, { cwd: folder, absolute: true })).sort();
  const read = async (file: string): Promise<string> => {
    const bytes = await readFile(file);
    return (/z$/.test(file) ? gunzipSync(bytes) : bytes).toString('utf8');
  };
  const found = new Set<string>();
  const add = (texts: readonly string[]): void => {
    for (const text of texts) found.add(text.replaceAll(/\s+/g, ' ').trim());
  };
  for (const file of await find('usr/share/dictd/*.dict.dz')) add(blocksOf(await read(file)));
  for (const file of await find('usr/share/wordnet/data.*')) add(glossesOf(await read(file)));
  const pages = await find('**/*.{html,htm,xhtml}');
  const step = Math.max(1, pages.length / MOST_PAGES);
  for (let i = 0; i < pages.length; i += step) {
    const extracted = extractPage(decodeHtml(await readFile(pages[Math.floor(i)]!), ''), {});
    if (extracted.kind !== 'page') continue;
    for (const { blocks } of extracted.sections) add(blocks.map(({ text }) => text));
  }
  if (found.size === 0) for (const file of await find('usr/share/**/*.{txt,txt.gz}')) add(blocksOf(await read(file)));
  found.delete('');
  return [...found];
}

function blocksOf(text: string): string[] {
  return text.split(/\n\s*\n/);
}

/** Definitions and examples of WordNet's data files, which follow a bar. */
function glossesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('  ') && line.includes(' | '))
    .flatMap((line) => line.slice(line.indexOf(' | ') + 3).split('; '))
    .map((gloss) => gloss.replaceAll('"', '').trim());
}
