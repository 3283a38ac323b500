// era-search index --site: options in, progress and a summary out. site/create-index.ts does the work.

import { join, relative } from 'node:path';
import process from 'node:process';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { EraError } from '../../errors.ts';
import type { CommandIo } from '../command-io.ts';
import { createIndex, type CreateIndexOptions } from '../site/create-index.ts';
import type { IndexProgress } from '../site/write-site.ts';
import { Progress } from './progress.ts';
import { readSiteOptions, SITE_OPTIONS, type SiteCommandOptions } from './site-options.ts';
import { snippetLines, summaryLines } from './site-summary.ts';

/** The bearer token of the query model's API. */
const KEY_VARIABLE = 'ERA_SEARCH_QUERY_KEY';
const DEFAULT_SUBDIR = 'era-search';

export async function runSiteIndex(args: readonly string[], io: CommandIo): Promise<number> {
  const cwd = io.cwd ?? process.cwd();
  const env = io.env ?? process.env;
  const options = readSiteOptions(args, { cwd, env });
  const verbose = options.verbose || io.verbose === true;
  if (options.quiet && verbose) throw new EraError('invalid-option', 'quiet and verbose exclude each other.');
  const outputPath = outputOf(options);

  const progress = new Progress(io, options.quiet || options.json);
  try {
    const settings = indexOptions(options, env[KEY_VARIABLE], io, (at) => show(progress, at));
    const index = await createIndex(settings);
    if (options.site !== undefined) await index.addDirectory({ path: options.site, glob: options.glob });
    if (options.corpus !== undefined) await index.addCorpus(options.corpus);
    if (options.sitemap !== undefined || options.url.length > 0) {
      await index.addAddresses({ sitemap: options.sitemap, urls: options.url, allowPrivateHosts: options['allow-private-host'], maxPages: options['max-pages'] });
    }
    const summary = await index.write({ outputPath });
    index.close();
    if (options.json) io.print(JSON.stringify(summary));
    else {
      for (const line of summaryLines(summary, { cwd, verbose })) progress.note(line);
      if (summary.isFirst) for (const line of snippetLines({ site: options.site, outputPath, ...settings })) progress.note(line);
    }
    return 0;
  } finally {
    progress.clear();
  }
}

export function siteHelp(): string {
  const entries = Object.entries(SITE_OPTIONS).map(([name, { value, help }]) => [`--${name}${value === '' ? '' : ` ${value}`}`, help] as const);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n');
}

function outputOf({ site, corpus, sitemap, url, 'output-path': path, 'output-subdir': subdir = DEFAULT_SUBDIR }: SiteCommandOptions): string {
  if (site === undefined && corpus === undefined && sitemap === undefined && url.length === 0) {
    throw new EraError('invalid-option', 'Name what to index: --site DIR, --corpus FILE, --sitemap URL or --url URL; or era-search index docs.jsonl --out DIR.');
  }
  if (path !== undefined) return path;
  if (site === undefined) throw new EraError('invalid-option', 'Name the folder to write to: --output-path DIR.');
  const output = join(site, subdir);
  const below = relative(site, output);
  if (below === '' || below.startsWith('..')) throw new EraError('invalid-option', `--output-subdir takes a folder below --site, not ${subdir}.`, { details: { option: 'output-subdir' } });
  return output;
}

function indexOptions(options: SiteCommandOptions, key: string | undefined, { signal }: CommandIo, onProgress: (progress: IndexProgress) => void): CreateIndexOptions {
  const { model = DEFAULT_MODEL, models, cache } = options;
  return {
    rootSelector: options['root-selector'],
    excludeSelectors: options['exclude-selectors'],
    forceLanguage: options['force-language'],
    keepIndexUrl: options['keep-index-url'],
    baseUrl: options['base-url'],
    vectors: !options['no-vectors'],
    model,
    modelsDir: models,
    modelFiles: !options['no-model-files'],
    adapters: options.adapter,
    queryModel: queryModel(options, key),
    cacheDir: cache,
    signal,
    onProgress,
  };
}

function queryModel(options: SiteCommandOptions, key: string | undefined): CreateIndexOptions['queryModel'] {
  const { 'query-url': url, 'query-model': model, 'query-prompt': prompt, 'query-dimensions': dimensions } = options;
  if (url === undefined) {
    if (model !== undefined || prompt !== undefined || dimensions !== undefined) throw new EraError('invalid-option', '--query-model, --query-prompt and --query-dimensions go with --query-url.');
    return undefined;
  }
  if (model === undefined) throw new EraError('invalid-option', '--query-url needs --query-model.');
  if (options['no-vectors']) throw new EraError('invalid-option', '--query-url needs vectors: leave --no-vectors out.');
  return { url, model, prompt, dimensions, key: key === '' ? undefined : key };
}

function show(progress: Progress, { stage, done, total }: IndexProgress): void {
  if (stage === 'pages' || total === null) progress.pages(done);
  else progress.passages(done, total, stage === 'query-model' ? 'the query model' : 'the small model');
}
