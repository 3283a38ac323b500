// One small documentation site by each of fourteen generators, indexed by this working tree's code: node
// e2e/generators/run.mjs

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { BUILDS } from './builds.ts';
import { CHECKS, checkSite, type Faults } from './checks.ts';
import { EXPECTATIONS } from './expectations.ts';
import { writeFixture } from './fixtures.ts';
import { indexSite } from './indexed.ts';
import { openWorkshop } from './workshop.ts';

const HELP = `Usage: node e2e/generators/run.mjs [options]

  --only NAMES      of ${BUILDS.map(({ name }) => name).join(', ')} (default: all)
  --work DIR        packages and sites, kept for the next run (default: a folder for temporary files, removed)
  --keep            does not remove that folder
  --built           takes the sites that an earlier run left in --work
  --passages        prints all passages
  --fixtures DIR    writes a page of each, cut down
  --markdown FILE   the table

Needs npm, Python 3 with venv, git, cargo, a JDK, and of Debian's packages doxygen, jekyll and jekyll-theme-minima.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    work: { type: 'string' },
    keep: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    fixtures: { type: 'string' },
    passages: { type: 'boolean', default: false },
    markdown: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const names = values.only?.split(',') ?? BUILDS.map(({ name }) => name);
  const unknown = names.find((name) => !BUILDS.some((build) => build.name === name));
  if (unknown !== undefined) throw new Error(`There is no generator “${unknown}”.\n\n${HELP}`);
  const work =
    values.work === undefined ? await mkdtemp(join(tmpdir(), 'era-search-generators-')) : resolve(values.work);
  await mkdir(work, { recursive: true });
  const rows: string[] = [];
  let failed = 0;
  for (const { name, label, build, site, version } of BUILDS.filter((one) => names.includes(one.name))) {
    const workshop = openWorkshop(work);
    if (!values.built) await build(workshop);
    if (values.fixtures !== undefined) await writeFixture(name, join(work, site), values.fixtures);
    const copy = join(work, 'indexed', name);
    const indexed = await indexSite(join(work, site), copy);
    if (values.passages) print(indexed.pages);
    const faults = await checkSite(
      indexed,
      copy,
      EXPECTATIONS.find((one) => one.name === name)!,
    );
    await indexed.collection.close();
    for (const check of CHECKS) for (const fault of faults[check]) console.error(`${name}, ${check}: ${fault}`);
    failed += CHECKS.reduce((sum, check) => sum + faults[check].length, 0);
    rows.push(rowOf([label, await version(workshop), String(indexed.pages.length)], faults));
  }
  const head = ['generator', 'version', 'in the index', ...CHECKS];
  const table = [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
  console.log(table);
  if (values.markdown !== undefined) await writeFile(values.markdown, `${table}\n`);
  if (values.work === undefined && !values.keep) await rm(work, { recursive: true, force: true });
  else console.error(`The sites are in ${work}.`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function rowOf(cells: readonly string[], faults: Faults): string {
  const marks = CHECKS.map((check) => (faults[check].length === 0 ? 'held' : `${faults[check].length} failed`));
  return `| ${[...cells, ...marks].join(' | ')} |`;
}

function print(pages: Awaited<ReturnType<typeof indexSite>>['pages']): void {
  for (const { url, title, language, version, passages } of pages) {
    console.error(`\n## ${url} | ${title} | ${language} | ${version.join()}`);
    for (const { headings, anchor, text } of passages)
      console.error(`  [${headings.join(' › ')}] #${anchor}: ${JSON.stringify(text)}`);
  }
}

if (values.help) console.log(HELP);
else await main();
