// The figures as Markdown tables, and the queries whose first result was not relevant.

import type { Sent } from './counting-server.ts';
import { kindOfOurs, type KindBytes } from './folder-bytes.ts';
import {
  hitRates,
  joined,
  KINDS,
  rankOfRight,
  rightSections,
  type Answers,
  type HitRates,
  type SiteQuery,
} from './hits.ts';
import { MODES, type OurFigures } from './our-side.ts';
import type { PagefindFigures } from './pagefind-side.ts';

export interface SiteFigures {
  readonly name: string;
  /** Package and version. */
  readonly source: string;
  readonly files: number;
  readonly queries: readonly SiteQuery[];
  readonly ours: OurFigures;
  readonly pagefind: PagefindFigures;
}

type Column = 'pagefind' | (typeof MODES)[number];
const COLUMNS: readonly Column[] = ['pagefind', ...MODES];
const HEADS = ['Pagefind', 'keywords', 'first answer (no model)', 'vectors', 'hybrid with the model'];

function answersOf({ ours, pagefind }: SiteFigures, column: Column): Answers {
  return column === 'pagefind' ? pagefind.answers : ours.answers[column];
}

export function tables(figures: readonly SiteFigures[]): string {
  return [hitTable(figures), kindTable(figures), costTable(figures), wireTable(figures), partsTable(figures)].join(
    '\n\n',
  );
}

export function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Hits among the first one and the first five, in percent. */
export function share({ hit1, hit5, queries }: HitRates): string {
  return `${percent(hit1, queries)} / ${percent(hit5, queries)}`;
}

function percent(hits: number, queries: number): string {
  return String(Math.round((100 * hits) / queries));
}

function hitTable(figures: readonly SiteFigures[]): string {
  const lines = [
    row('hit@1 / hit@5, %', 'queries', ...HEADS, 'right section'),
    `|---|${'--:|'.repeat(HEADS.length + 2)}`,
  ];
  for (const site of figures) {
    const { right, of } = rightSections(site.queries, site.ours.answers.hybrid);
    lines.push(
      row(
        site.source.replace('_', ' '),
        String(site.queries.length),
        ...COLUMNS.map((column) => share(hitRates(site.queries, answersOf(site, column)))),
        `${String(right)} of ${String(of)}`,
      ),
    );
  }
  lines.push(allSites(figures));
  return lines.join('\n');
}

function allSites(figures: readonly SiteFigures[]): string {
  const rates = COLUMNS.map((column) => joined(figures.map((site) => hitRates(site.queries, answersOf(site, column)))));
  return row('**all**', String(rates[0]!.queries), ...rates.map(share), '');
}

function kindTable(figures: readonly SiteFigures[]): string {
  const lines = [
    row('hit@1 (95 % interval) / hit@5, %', 'queries', ...HEADS),
    `|---|${'--:|'.repeat(HEADS.length + 1)}`,
  ];
  const add = (name: string, kind: string, of: readonly SiteFigures[]): void => {
    const rates = COLUMNS.map((column) =>
      joined(of.map((site) => hitRates(site.queries, answersOf(site, column), kind))),
    );
    lines.push(row(name, String(rates[0]!.queries), ...rates.map(shareWithin)));
  };
  for (const kind of KINDS) add(kind, kind, figures);
  for (const site of figures) add(`paraphrase, ${site.name}`, 'paraphrase', [site]);
  return lines.join('\n');
}

/** As `share`, with Wilson's interval of the first. */
function shareWithin({ hit1, hit5, queries }: HitRates): string {
  const z = 1.96;
  const middle = hit1 + z ** 2 / 2;
  const spread = z * Math.sqrt((hit1 * (queries - hit1)) / queries + z ** 2 / 4);
  const [low, high] = [middle - spread, middle + spread].map((count) => percent(count, queries + z ** 2));
  return `${percent(hit1, queries)} (${low!}–${high!}) / ${percent(hit5, queries)}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const kilobytes = (bytes: number): string => String(Math.round(bytes / 1000));
const seconds = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

function costTable(figures: readonly SiteFigures[]): string {
  const index = (disk: KindBytes): number =>
    ['manifest', 'keyword', 'text', 'texts', 'pages', 'vectors', 'facets', 'static', 'cluster', 'start'].reduce(
      (sum, kind) => sum + (disk[kind] ?? 0),
      0,
    );
  const lines = [
    row(
      '',
      'pages',
      'passages',
      'indexing, s',
      'of which embedding (passages)',
      'again, nothing changed',
      'index, MB',
      'of which vectors',
      'Pagefind: indexing, s',
      'its index, MB',
    ),
    `|---|${'--:|'.repeat(9)}`,
  ];
  for (const { name, ours, pagefind } of figures) {
    lines.push(
      row(
        name,
        String(ours.pages),
        String(ours.passages),
        seconds(ours.seconds),
        ours.embedded === 0 ? 'all cached' : `${seconds(ours.seconds - ours.againSeconds)} (${String(ours.embedded)})`,
        seconds(ours.againSeconds),
        megabytes(index(ours.disk)),
        megabytes(ours.disk['vectors'] ?? 0),
        seconds(pagefind.seconds),
        megabytes(index(pagefind.disk)),
      ),
    );
  }
  return lines.join('\n');
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** The middle value of a list, of two the upper one, and the largest. */
function medianAndMost(values: readonly number[]): string {
  return `${String(median(values))} / ${String(Math.max(...values))}`;
}

const sumOf = (sent: readonly Sent[]): number => sent.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
const kilobytesOf = (sent: readonly Sent[]): number => Math.round(sumOf(sent) / 1000);

function wireTable(figures: readonly SiteFigures[]): string {
  const lines = [
    row(
      'first visit, median / most',
      'answer by meaning: requests',
      'kB',
      'ms',
      'all ten results: requests',
      'kB',
      'second query: requests',
      'kB',
      'Pagefind, five results: requests',
      'kB',
      'ms',
      'era-search, then: whole index, kB',
      'model and its runtime, kB',
    ),
    `|---|${'--:|'.repeat(12)}`,
  ];
  for (const { name, ours, pagefind } of figures) {
    const { visits } = ours;
    const meaning = visits.map(({ meaning: stand, any }) => stand ?? any);
    const seconds = visits.map(({ second }) => second);
    const all = visits.map(({ complete }) => complete.sent);
    lines.push(
      row(
        name,
        medianAndMost(meaning.map(({ sent }) => sent.length)),
        medianAndMost(meaning.map(({ sent }) => kilobytesOf(sent))),
        medianAndMost(meaning.map(({ ms }) => Math.round(ms))),
        medianAndMost(all.map((sent) => sent.length)),
        medianAndMost(all.map(kilobytesOf)),
        medianAndMost(seconds.map((sent) => sent.length)),
        medianAndMost(seconds.map(kilobytesOf)),
        medianAndMost(pagefind.wire.map(({ sent }) => sent.length)),
        medianAndMost(pagefind.wire.map(({ sent }) => kilobytesOf(sent))),
        medianAndMost(pagefind.wire.map(({ firstAnswerMs }) => Math.round(firstAnswerMs))),
        kilobytes(sumOf(ours.complete.sent)),
        kilobytes(ours.modelBytes),
      ),
    );
  }
  return lines.join('\n');
}

/** What the first answer by meaning consists of: median requests and kB of each kind of file. */
function partsTable(figures: readonly SiteFigures[]): string {
  const kinds = ['page', 'script', 'manifest', 'start', 'keyword', 'static', 'cluster', 'pages', 'facets', 'texts'];
  const lines = [row('requests / kB, median', ...kinds), `|---|${'--:|'.repeat(kinds.length)}`];
  for (const { name, ours } of figures) {
    const sent = ours.visits.map(({ meaning, any }) => (meaning ?? any).sent);
    const cell = (kind: string): string => {
      const ofKind = sent.map((files) => files.filter(({ path }) => kindOfOurs(path) === kind));
      return `${String(median(ofKind.map((files) => files.length)))} / ${String(median(ofKind.map(kilobytesOf)))}`;
    };
    lines.push(row(name, ...kinds.map(cell)));
  }
  return lines.join('\n');
}

/** Every query whose first result is not relevant, with that result. */
export function missesOf(figures: readonly SiteFigures[]): string {
  const lines: string[] = [];
  for (const site of figures) {
    for (const column of COLUMNS) {
      lines.push(`\n${site.name}, ${column}`);
      site.queries.forEach((query, i) => {
        const answer = answersOf(site, column)[i]!;
        const rank = rankOfRight(query, answer);
        if (rank !== 1)
          lines.push(
            `  ${rank === null ? '-' : String(rank)}  ${query.query} (${query.kind}): ${answer.map(({ page }) => page).join(' ')}`,
          );
      });
    }
  }
  return lines.join('\n');
}
