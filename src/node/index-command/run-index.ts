// `era-search index`: reads sources and options, shows progress and prints a summary. site/create-index.ts does the
// work.

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { EraError } from '../../errors.ts';
import { CURATION_FILE } from '../../format/curation.ts';
import type { CommandIo } from '../command-io.ts';
import { createIndex, type CreateIndexOptions } from '../site/create-index.ts';
import { readRemoteOptions } from '../../query/remote-options.ts';
import type { OnProgress, Progress } from '../../progress.ts';
import { planLines, waitLine } from './crawl-lines.ts';
import { ProgressLines } from './progress.ts';
import { CONFIG_FILE, readSiteOptions, SITE_OPTIONS, siteFlags, type SiteCommandOptions } from './site-options.ts';
import { snippetLines, summaryLines } from './site-summary.ts';

/** The bearer token of the query model's API. */
const KEY_VARIABLE = 'ERA_SEARCH_QUERY_KEY';
const DEFAULT_SUBDIR = 'era-search';

const help = (): string => `era-search index SOURCE … [flags]

Makes a collection: reads its sources, and writes a folder with the index, <era-search> and the small model. A source is a folder of HTML pages
(as --site), a .json or .jsonl file of records (as --corpus), a sitemap ending in .xml (as --sitemap) or an address (as --url).
A record with an "id" stands as it is, found under that id; others are pages, and their text is cut into passages.
A second run embeds only what changed. The same input gives the same bytes. Every flag is also an environment variable
(--output-subdir: ERA_SEARCH_OUTPUT_SUBDIR) and a key of ${CONFIG_FILE} ("output-subdir"); a flag goes first, then the variable.

${optionsHelp()}`;

export async function runIndex(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: { ...siteFlags(), out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values['help'] === true) {
    io.print(help());
    return 0;
  }
  const isPositional = new Set(tokens.flatMap(({ kind, index }) => (kind === 'positional' ? [index] : [])));
  const flags = args.filter((_, i) => !isPositional.has(i)).map((arg) => arg.replace(/^--out(?==|$)/, '--output-path'));
  return writeIndex([...flags, ...positionals.flatMap(sourceFlag)], io);
}

/** The kind of a source, by its name. */
function sourceFlag(source: string): [string, string] {
  if (/^https?:/i.test(source)) return [/\.xml$/i.test(source) ? '--sitemap' : '--url', source];
  return [/\.(json|jsonl|ndjson)$/i.test(source) ? '--corpus' : '--site', source];
}

async function writeIndex(args: readonly string[], io: CommandIo): Promise<number> {
  const cwd = io.cwd ?? process.cwd();
  const env = io.env ?? process.env;
  const options = readSiteOptions(args, { cwd, env });
  const verbose = options.verbose || io.verbose === true;
  if (options.quiet && verbose) throw new EraError('invalid-option', 'quiet and verbose exclude each other.');
  const outputPath = outputOf(options);

  const progress = new ProgressLines(io, options.quiet || options.json);
  try {
    const settings = {
      ...indexOptions(options, env[KEY_VARIABLE], io, (at) => show(progress, at)),
      onKeywords: () => progress.note('The index by keywords is published; vectors are next.'),
    };
    const index = await createIndex(settings);
    if (options.site !== undefined) await index.addDirectory({ path: options.site, glob: options.glob });
    if (options.corpus !== undefined) await index.addCorpus(options.corpus);
    if (options.sitemap !== undefined || options.url.length > 0) {
      await index.addAddresses({
        sitemap: options.sitemap,
        urls: options.url,
        allowPrivateHosts: options['allow-private-host'],
        maxPages: options['max-pages'],
        maxHostWaitMs: options['max-wait'] && options['max-wait'] * 60_000,
        onPlan: (plan) => {
          for (const line of planLines(plan)) progress.note(line);
        },
        onWait: (wait) => {
          const line = waitLine(wait);
          if (line !== null) progress.note(line);
        },
      });
    }
    const summary = await index.write({ outputPath });
    index.close();
    if (options.json) io.print(JSON.stringify(summary));
    else {
      for (const line of summaryLines(summary, { cwd, verbose })) progress.note(line);
      if (summary.isFirst)
        for (const line of snippetLines({ site: options.site, outputPath, ...settings })) progress.note(line);
    }
    return 0;
  } finally {
    progress.clear();
  }
}

function optionsHelp(): string {
  const entries = Object.entries(SITE_OPTIONS).map(
    ([name, { value, help }]) => [`--${name}${value === '' ? '' : ` ${value}`}`, help] as const,
  );
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n');
}

function outputOf({
  site,
  corpus,
  sitemap,
  url,
  'output-path': path,
  'output-subdir': subdir = DEFAULT_SUBDIR,
}: SiteCommandOptions): string {
  if (site === undefined && corpus === undefined && sitemap === undefined && url.length === 0) {
    throw new EraError('invalid-option', 'Name what to index: a folder of pages, a file of records, or an address.');
  }
  if (path !== undefined) return path;
  if (site === undefined) throw new EraError('invalid-option', 'Name the folder to write to: --out DIR.');
  const output = join(site, subdir);
  const below = relative(site, output);
  if (below === '' || below.startsWith('..'))
    throw new EraError('invalid-option', `--output-subdir takes a folder below --site, not ${subdir}.`, {
      details: { option: 'output-subdir' },
    });
  return output;
}

function indexOptions(
  options: SiteCommandOptions,
  key: string | undefined,
  { signal }: CommandIo,
  onProgress: OnProgress,
): CreateIndexOptions {
  const { model = DEFAULT_MODEL, models, cache } = options;
  return {
    rootSelector: options['root-selector'],
    excludeSelectors: options['exclude-selectors'],
    forceLanguage: options['force-language'],
    generatorRules: !options['no-generator-rules'],
    currentVersion: options['current-version'],
    keepIndexUrl: options['keep-index-url'],
    baseUrl: options['base-url'],
    vectors: !options['no-vectors'],
    model,
    modelsDir: models,
    keywordsFirst: options['keywords-first'],
    jobs: options.jobs,
    modelFiles: !options['no-model-files'],
    static: !options['no-static'],
    elementDir: options['no-element'] ? null : undefined,
    adapters: options.adapter,
    queryModel: queryModel(options, key),
    curation: options.synonyms ?? curationOf(options.site),
    extension: options.extension,
    cacheDir: cache,
    signal,
    onProgress,
  };
}

/** The file of the site, where it has one. */
function curationOf(site: string | undefined): string | undefined {
  const file = site === undefined ? undefined : join(site, CURATION_FILE);
  return file !== undefined && existsSync(file) ? file : undefined;
}

function queryModel(options: SiteCommandOptions, key: string | undefined): CreateIndexOptions['queryModel'] {
  const { 'query-url': url, 'query-model': model, 'query-prompt': prompt, 'query-dimensions': dimensions } = options;
  if (url === undefined) {
    const alone = (
      ['query-model', 'query-prompt', 'query-dimensions', 'query-key-header', 'query-options'] as const
    ).find((name) => options[name] !== undefined);
    if (alone !== undefined) throw new EraError('invalid-option', `--${alone} goes with --query-url.`);
    return undefined;
  }
  if (model === undefined) throw new EraError('invalid-option', '--query-url needs --query-model.');
  if (options['no-vectors']) throw new EraError('invalid-option', '--query-url needs vectors: leave --no-vectors out.');
  return {
    url,
    model,
    prompt,
    dimensions,
    key: key === '' ? undefined : key,
    keyHeader: options['query-key-header'],
    request: readRemoteOptions(options['query-options'] ?? '', 'query-options'),
  };
}

function show(lines: ProgressLines, progress: Progress): void {
  const { phase, unit, done, total, model } = progress;
  if (total === null) lines.count(`${done} ${unit} ${phase === 'cut' ? 'cut' : 'read'}`);
  else lines.texts(progress, total, model === 'remote' ? 'the query model' : 'the small model');
}
