// The summary of `era-search index --site`: what was indexed, what was left out and why, the size of the index, and the
// code to paste into pages.

import { basename, relative, sep } from 'node:path';
import { groupBy } from '../../group-by.ts';
import { shortened } from '../../text/plain-text.ts';
import type { QueryModelOptions } from '../site/align-queries.ts';
import type { SiteSummary } from '../site/write-site.ts';
import { duration } from './rate.ts';

/** Most paths for each reason, and most removed texts, that --verbose shows. */
const MAX_LINES = 1000;
/** Most letters of a removed text that are shown. */
const MAX_SHOWN = 100;

export function summaryLines(
  summary: SiteSummary,
  { cwd, verbose }: { readonly cwd: string; readonly verbose: boolean },
): string[] {
  const {
    pages,
    passages,
    languages,
    filters,
    sorts,
    outputPath,
    reused,
    embedded,
    adapters,
    aligned,
    warnings,
    seconds,
    bytes,
  } = summary;
  const {
    keywords,
    static: withoutModel,
    texts,
    pages: pageBytes,
    vectors,
    adapters: adapterBytes,
    element,
    model,
    kept,
  } = bytes;
  const names = Object.entries(filters).map(([name, values]) => `${name} (${values})`);
  return [
    `Indexed ${count(pages, 'page')} as ${count(passages, 'passage')} in ${duration(seconds)}.`,
    ...listed('languages', languages),
    ...listed('found in whole words alone, for want of an analyzer', summary.wholeWords),
    ...unknownLines(summary.unknownToModel),
    ...listed('filters', names),
    ...(summary.currentVersion === null
      ? []
      : [`  current version: ${summary.currentVersion} (--current-version names another)`]),
    ...listed('sort keys', sorts),
    ...(vectors === 0
      ? ['  keywords only: no vectors']
      : [`  vectors: ${embedded} made now, ${reused} of an earlier run`]),
    ...staticLines(summary.static),
    ...curationLines(summary.curation),
    ...(aligned
      ? [
          `  query model: aligned on ${count(aligned.passages, 'passage')}${aligned.hasBase ? '' : '; no base adapter comes with era-search for it, so labels will help more'}`,
        ]
      : []),
    ...listed(
      'adapters',
      adapters.map(({ path, stage }) => `${path} ${stage}`),
    ),
    ...leftOutLines(summary.leftOut, verbose),
    ...boilerplateLines(summary.boilerplate, verbose),
    `Wrote ${shortPath(cwd, outputPath)}`,
    ...sizes('index', {
      keywords,
      'meaning without a model': withoutModel,
      texts,
      pages: pageBytes,
      vectors,
      adapters: adapterBytes,
    }),
    ...sizes('beside it', {
      'the element and what it loads on need': element,
      'the small model for visitors who allow it': model,
      'parts of the index before': kept,
    }),
    ...warnings.map((warning) => `Note: ${warning}`),
  ];
}

function unknownLines(unknown: SiteSummary['unknownToModel']): string[] {
  if (!unknown) return [];
  const { model, languages } = unknown;
  return [
    `  unknown to ${model}: ${languages.join(', ')}. Their pages are found by words; --model takes a multilingual model for meaning`,
  ];
}

function staticLines(found: SiteSummary['static']): string[] {
  if (!found) return [];
  const { agreement, helps } = found;
  if (agreement === null)
    return helps ? [] : ['  no meaning without a model: the general table has few words of these pages'];
  const share = `${(100 * agreement).toFixed(0)} % of what the model finds`;
  return [helps ? `  meaning without a model: ${share}` : `  no meaning without a model: it would find ${share} only`];
}

function curationLines(found: SiteSummary['curation']): string[] {
  if (!found) return [];
  const { synonyms, boosted, pinned, excluded } = found;
  const counts = [
    [synonyms, 'line of synonyms', 'lines of synonyms'],
    [boosted, 'boosted page', 'boosted pages'],
    [pinned, 'pinned query', 'pinned queries'],
    [excluded, 'excluded word', 'excluded words'],
  ] as const;
  const said = counts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${number} ${number === 1 ? one : many}`);
  return listed('by the owner', said);
}

interface SnippetOptions {
  /** Folder of the site; without one the address of the published index is unknown. */
  readonly site?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly outputPath: string;
  /** The query model that the index was aligned to. */
  readonly queryModel?: Pick<QueryModelOptions, 'model' | 'prompt' | 'request'> | undefined;
}

export function snippetLines({ site, baseUrl = '/', outputPath, queryModel }: SnippetOptions): string[] {
  const below = site === undefined ? basename(outputPath) : relative(site, outputPath).split(sep).join('/');
  const folder = below.startsWith('..') ? basename(outputPath) : below;
  const prompt = queryModel?.prompt === undefined ? '' : ` query-prompt="${attribute(queryModel.prompt)}"`;
  const options = queryOptions(queryModel?.request);
  const query = queryModel
    ? ` query-url="/your-proxy/v1" query-model="${attribute(queryModel.model)}"${prompt}${options}`
    : '';
  return [
    '',
    'Paste this into your pages, once each:',
    '',
    `  <script type="module" src="${attribute(baseUrl.replace(/\/?$/, '/') + encodeURI(folder))}/era-search.js"></script>`,
    '  <era-search-trigger></era-search-trigger>',
    `  <era-search${query}></era-search>`,
    '',
    ...(queryModel ? ['The proxy is yours: it holds the key of the query model’s API.', ''] : []),
  ];
}

/** What the page must have too: the space of the vectors is made of it. */
function queryOptions(request: QueryModelOptions['request'] = {}): string {
  const { revision, queryFields, documentFields } = request;
  const shared = JSON.stringify({ revision, queryFields, documentFields });
  return shared === '{}' ? '' : ` query-options="${attribute(shared)}"`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('\n', '&#10;');
}

function leftOutLines(leftOut: SiteSummary['leftOut'], verbose: boolean): string[] {
  const byReason = groupBy(leftOut, ({ reason }) => reason);
  const counts = [...byReason].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1));
  if (!verbose)
    return leftOut.length === 0
      ? []
      : [
          `  left out: ${counts.map(([reason, pages]) => `${pages.length} ${reason}`).join(', ')} (--verbose names them)`,
        ];
  return counts.flatMap(([reason, pages]) => [`  left out, ${reason}:`, ...firstLines(pages, ({ path }) => path)]);
}

function boilerplateLines(removed: SiteSummary['boilerplate'], verbose: boolean): string[] {
  if (removed.length === 0) return [];
  const what = `removed from most pages as boilerplate: ${count(removed.length, 'text')}`;
  if (!verbose) return [`  ${what} (--verbose shows them)`];
  return [
    `  ${what}:`,
    ...firstLines(removed, ({ text, pages }) => {
      const line = shortened(text.replace(/\s+/g, ' '), MAX_SHOWN);
      return `${line} (${count(pages, 'page')})`;
    }),
  ];
}

function firstLines<T>(items: readonly T[], line: (item: T) => string): string[] {
  const more = items.length > MAX_LINES ? [`    and ${items.length - MAX_LINES} more`] : [];
  return [...items.slice(0, MAX_LINES).map((item) => `    ${line(item)}`), ...more];
}

function listed(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`  ${what}: ${names.join(', ')}`];
}

function sizes(what: string, bytes: Readonly<Record<string, number>>): string[] {
  return listed(
    what,
    Object.entries(bytes).flatMap(([name, number]) => (number === 0 ? [] : [`${name} ${size(number)}`])),
  );
}

function shortPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
