// Asks each site its own queries and those of the other sites, and prints how many of the others are refused, at which
// price in own ones. It never passes or fails.
//   node e2e/bench/run.mjs refusals [--sites DIR]
// DIR is the --work of e2e/bench/sites, which has indexed its copies of the sites there.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCollection, type OpenedCollection } from '../../src/node/open-collection.ts';
import { readQueries, type SiteQuery } from './sites/hits.ts';

const NAMES = ['git', 'python', 'sqlite'];
/** Shares of the own queries, of those with a right page among the first ten, that may be refused. */
const PRICES = [0, 0.01, 0.02, 0.05, 0.1];

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { sites: { type: 'string', default: join(tmpdir(), 'era-search-sites') } },
});

interface Told {
  readonly site: string;
  readonly query: string;
  readonly isOwn: boolean;
  readonly confidence: number;
  readonly isDoubtful: boolean;
}

const queriesOf = new Map<string, SiteQuery[]>();
for (const name of NAMES)
  queriesOf.set(name, await readQueries(new URL(`./sites/${name}.queries.json`, import.meta.url)));

for (const [device, reader] of [
  ['none', 'without a model'],
  ['cpu', 'by the small model'],
] as const) {
  const told: Told[] = [];
  for (const site of NAMES) {
    const collection = await openCollection(join(values.sites, site, 'ours'), { device });
    for (const from of NAMES) {
      for (const query of queriesOf.get(from)!) told.push(...(await ask(collection, site, from, query)));
    }
    await collection.close();
  }
  report(reader, told);
}

/** Nothing for an own query whose right page is not among the first ten: the site may not answer it. */
async function ask(
  collection: OpenedCollection,
  site: string,
  from: string,
  { query, pages }: SiteQuery,
): Promise<Told[]> {
  const answer = await collection.search(query, { limit: 10 }).best();
  const { confidence, isDoubtful } = answer;
  const found = answer.pages.map(({ url }) => new URL(url!).pathname.replace(/\/$/, '/index.html'));
  const isFound = found.some((path) => pages.some((page) => path.endsWith(`/${page}`)));
  return confidence === null || (site === from && !isFound)
    ? []
    : [{ site, query, isOwn: site === from, confidence, isDoubtful }];
}

function report(reader: string, told: readonly Told[]): void {
  const own = told.filter(({ isOwn }) => isOwn);
  const others = told.filter(({ isOwn }) => !isOwn);
  const percent = (count: number, all: readonly Told[]): string => `${((100 * count) / all.length).toFixed(1)} %`;
  const refused = (some: readonly Told[]): string => percent(some.filter(({ isDoubtful }) => isDoubtful).length, some);
  console.log(
    `\nRead ${reader}: ${String(own.length)} own queries that are answered, ${String(others.length)} of other sites`,
  );
  console.log(`as shipped: ${refused(own)} of the own refused, ${refused(others)} of the others`);
  const sorted = own.map(({ confidence }) => confidence).sort((a, b) => a - b);
  for (const price of PRICES) {
    const least = sorted[Math.floor(price * sorted.length)]!;
    const count = others.filter(({ confidence }) => confidence < least).length;
    console.log(
      `${(100 * price).toFixed(0)} % of the own: ${percent(count, others)} of the others, confidence below ${least.toFixed(3)}`,
    );
  }
}
