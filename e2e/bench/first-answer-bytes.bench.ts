// Benchmark: how many requests and bytes the first answer by meaning of a first visit takes, and a second query of that
// visit, by what they are, as a collection grows. It prints and never passes or fails.
//   npx vite build --mode site
//   node e2e/bench/run.mjs first-answer-bytes [--shares 0.006,0.06,0.7] [--work DIR] [--packages NAMES] [--built]
// The collections are the pages of documentation packages of Debian, a share of them for each collection; with --built
// those of an earlier run are measured again.
// No model reads them, since bytes do not depend on what is in a vector: the vector of a text is the sum of the rows
// that the general table has for its words. A collection of 100,000 passages is made in minutes.

import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { glob } from 'tinyglobby';
import { standardAnalyzer } from '../../src/analysis/standard-analyzer.ts';
import { describeModel } from '../../src/encode/describe-model.ts';
import type { Encoder } from '../../src/encode/encoder.ts';
import { locateModel } from '../../src/encode/model-choice.ts';
import { ModelFiles } from '../../src/encode/model-files.ts';
import { DEFAULT_MODEL, portableWeights, spaceOf } from '../../src/encode/models.ts';
import { limitOf } from '../../src/encode/open-encoder.ts';
import { knownTerms, weightOf } from '../../src/encode/static/bags.ts';
import type { GeneralTable } from '../../src/encode/static/general-table.ts';
import { loadTokenizer } from '../../src/encode/tokenizer.ts';
import { parseSiteManifest, SITE_MANIFEST_FILE } from '../../src/format/site-manifest.ts';
import { normalizeRows, row } from '../../src/math/vector.ts';
import { findGeneralTable } from '../../src/node/general-table.ts';
import { SiteIndex, type IndexSettings } from '../../src/node/site/create-index.ts';
import { downloadPackage, packageIn, unpackPackage } from './debian-package.ts';
import { startCountingServer, type Sent } from './sites/counting-server.ts';
import { ELEMENT_PAGE, firstVisit, type FirstVisit } from './sites/first-visit.ts';
import { readQueries } from './sites/hits.ts';
import { launchChromium } from '../support/launch.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    shares: { type: 'string', default: '0.006,0.06,0.7' },
    work: { type: 'string', default: join(tmpdir(), 'era-search-first-answer-bytes') },
    built: { type: 'boolean', default: false },
    packages: {
      type: 'string',
      default:
        'git-doc,python3.11-doc,sqlite3-doc,postgresql-doc-15,python-sqlalchemy-doc,python-django-doc,linux-doc-6.1',
    },
  },
});
const work = resolve(values.work);

/** Kinds of files in the order of the table; the first pattern that fits a path is its kind. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['start', /parts\/start-/],
  ['base, head, facets', /parts\/(base|static|facets)-/],
  ['words', /parts\/(terms|words|dictionary)-/],
  ['clusters', /parts\/cluster-/],
  ['texts', /parts\/texts-/],
  ['pages', /parts\/pages-/],
  ['manifest', /era-search\.json$/],
  ['page, scripts', /./],
];

/** @returns the HTML files of all packages, each below the name of its package, and the folder that they are in */
async function providePages(): Promise<{ folder: string; files: string[] }> {
  const folder = join(work, 'pages');
  for (const name of values.packages.split(',')) {
    const target = join(folder, name);
    const found = await glob('**/*.html', { cwd: target }).catch(() => []);
    if (found.length > 0) continue;
    const download = join(work, 'packages', name);
    await mkdir(download, { recursive: true });
    if ((await packageIn(download)) === undefined) await downloadPackage(name, download);
    await unpackPackage(download, join(download, 'unpacked'));
    for (const file of await glob('**/*.html', { cwd: join(download, 'unpacked'), followSymbolicLinks: false })) {
      await mkdir(dirname(join(target, file)), { recursive: true });
      await copyFile(join(download, 'unpacked', file), join(target, file));
    }
    await rm(join(download, 'unpacked'), { recursive: true });
  }
  return { folder, files: (await glob('**/*.html', { cwd: folder })).sort() };
}

/** What stands for the model: the weighted sum of the general table's rows; of a text that it does not know, the first. */
function tableEncoder(general: GeneralTable, space: Encoder['space']): Encoder {
  const places = new Map(general.terms.map((term, i) => [term, i]));
  const { dims } = general;
  const encode = (texts: readonly string[]): Promise<Float32Array<ArrayBuffer>> => {
    const vectors = new Float32Array(texts.length * dims);
    texts.forEach((text, i) => {
      const known = knownTerms(standardAnalyzer.tokens(text), (term) => places.get(term));
      for (const place of known.length > 0 ? known : [text.length]) {
        const weight = weightOf(general.shares[place]!);
        row(general.rows, place, dims).forEach((value, d) => (vectors[i * dims + d]! += weight * value));
      }
    });
    normalizeRows(vectors, dims);
    return Promise.resolve(vectors);
  };
  return { space, device: 'cpu', encode, dispose: () => Promise.resolve() };
}

async function settings(): Promise<IndexSettings> {
  const { model, base: modelsDir } = locateModel(DEFAULT_MODEL, join(root, 'public/models'));
  const files = new ModelFiles(`${modelsDir}${model.name}/`, {});
  const description = await describeModel(model, files);
  const space = spaceOf(description, portableWeights(description).dtype);
  const found = await findGeneralTable(modelsDir, space);
  return {
    encoder: tableEncoder(found!.general, space),
    analyzers: [],
    counter: null,
    description,
    modelsDir,
    jobs: undefined,
    modelFiles: false,
    static: true,
    keywordsFirst: false,
    adapters: [],
    queryModel: undefined,
    curation: null,
    cacheDir: null,
    isCacheNamed: false,
    elementDir: join(root, 'dist/site'),
    ...limitOf(description, await loadTokenizer(files)),
  };
}

/** Makes the collection, and says what that took. */
async function build(share: number, site: string): Promise<void> {
  const { folder, files } = await providePages();
  await rm(site, { recursive: true, force: true });
  for (const file of files.filter((_, i) => Math.floor(i * share) < Math.floor((i + 1) * share))) {
    await mkdir(dirname(join(site, file)), { recursive: true });
    await copyFile(join(folder, file), join(site, file));
  }
  const index = new SiteIndex({}, await settings());
  await index.addDirectory({ path: site });
  const { pages, passages, bytes, seconds } = await index.write({ outputPath: join(site, 'era-search') });
  index.close();
  const megabytes = (bytes.keywords + bytes.static + bytes.texts + bytes.pages + bytes.vectors) / 1e6;
  console.log(
    `${String(passages)} passages of ${String(pages)} pages: ${seconds.toFixed(0)} s, at most ` +
      `${(process.resourceUsage().maxRSS / 1e6).toFixed(1)} GB of memory, an index of ${megabytes.toFixed(0)} MB`,
  );
}

async function measure(browser: Browser, site: string): Promise<FirstVisit[]> {
  const server = await startCountingServer({ '/bench.html': ELEMENT_PAGE }, { '/': site });
  try {
    const visits: FirstVisit[] = [];
    for (const [i, query] of queries.entries()) {
      const second = queries[(i + 1) % queries.length]!;
      visits.push(await firstVisit(browser, server, `${server.address}bench.html`, { query, second }));
    }
    return visits;
  } finally {
    await server.close();
  }
}

const kindOf = (path: string): string => KINDS.find(([, pattern]) => pattern.test(path))![0];
const kilobytes = (sent: readonly Sent[]): number => sent.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1000;
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

function line(name: string, visits: readonly (readonly Sent[])[]): string {
  const of = (kind: string): string => {
    const some = visits.map((sent) => sent.filter(({ path }) => kindOf(path) === kind));
    const count = median(some.map(({ length }) => length));
    return some.every(({ length }) => length === 0)
      ? '–'
      : `${String(count)} / ${median(some.map(kilobytes)).toFixed(1)}`;
  };
  const all = visits.map(kilobytes);
  const cells = [
    name,
    String(median(visits.map(({ length }) => length))),
    `**${median(all).toFixed(0)}** / ${Math.max(...all).toFixed(0)}`,
    ...KINDS.map(([kind]) => of(kind)),
  ];
  return `| ${cells.join(' | ')} |`;
}

const queries: string[] = [];
for (const site of ['git', 'python', 'sqlite']) {
  const all = await readQueries(new URL(`./sites/${site}.queries.json`, import.meta.url));
  queries.push(...all.filter((_, i) => i % 3 === 0).map(({ query }) => query));
}
const browser = await launchChromium();
const lines = [
  `| median of ${String(queries.length)} queries | requests | kB: median / most | ${KINDS.map(([kind]) => `${kind}: requests / kB`).join(' | ')} |`,
  `|---|--:|--:|${'--:|'.repeat(KINDS.length)}`,
];
try {
  for (const share of values.shares.split(',')) {
    const site = join(work, `site-${share}`);
    if (!values.built) await build(Number(share), site);
    const { passages } = parseSiteManifest(await readFile(join(site, 'era-search', SITE_MANIFEST_FILE), 'utf8'));
    const visits = await measure(browser, site);
    const withoutMeaning = visits.filter(({ meaning }) => meaning === null).length;
    if (withoutMeaning > 0) console.log(`${String(withoutMeaning)} queries had no answer by meaning.`);
    lines.push(
      line(
        `${String(passages)} passages, first answer by meaning`,
        visits.map(({ meaning, any }) => (meaning ?? any).sent),
      ),
      line(
        'its ten results',
        visits.map(({ complete }) => complete.sent),
      ),
      line(
        'a second query',
        visits.map(({ second }) => second),
      ),
    );
  }
} finally {
  await browser.close();
}
console.log(lines.join('\n'));
