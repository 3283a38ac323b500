// The options of `era-search index`: each has one name, as a flag (--output-subdir), an environment variable
// (ERA_SEARCH_OUTPUT_SUBDIR) and a key of the configuration file ("output-subdir"). A flag has priority over a
// variable, a variable over the file, the file over the default.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { EraError, messageOf } from '../../errors.ts';

export const CONFIG_FILE = 'era-search.config.json';

/**
 * `json` is a text in JSON, or in a configuration file a value; `path` and `paths` are relative to the working directory,
 * or in a configuration file to that file's folder.
 */
type Kind = 'text' | 'path' | 'texts' | 'paths' | 'flag' | 'whole' | 'json';

interface Option {
  readonly kind: Kind;
  /** Placeholder of the value in the help; empty for flags. */
  readonly value: string;
  readonly help: string;
}

const text = (value: string, help: string) => ({ kind: 'text', value, help }) as const;
const path = (value: string, help: string) => ({ kind: 'path', value, help }) as const;
const texts = (value: string, help: string) => ({ kind: 'texts', value, help }) as const;
const whole = (value: string, help: string) => ({ kind: 'whole', value, help }) as const;
const flag = (help: string) => ({ kind: 'flag', value: '', help }) as const;

export const SITE_OPTIONS = {
  site: path('DIR', 'folder of the built site'),
  corpus: path(
    'FILE',
    'records in JSON or JSONL: {"id"?, "url"?, "text" or "sections", "title"?, "language"?, "meta"?, "filters"?, "sort"?}',
  ),
  sitemap: text('URL', 'sitemap whose pages are fetched'),
  url: texts('URL', 'page to fetch; may be repeated'),
  'allow-private-host': texts('HOST:PORT', 'named host that may be on this machine or network; may be repeated'),
  'max-pages': whole('N', 'most pages to fetch (10000)'),
  'max-wait': whole('MINUTES', 'most minutes that a busy host is waited for in all, before the run ends (10)'),
  'output-subdir': text('NAME', 'folder of the index below --site (era-search)'),
  'output-path': path('DIR', 'folder of the index, wherever it is; --out DIR for short'),
  'base-url': text('URL', 'root address of the pages, where the index is not published below them'),
  glob: text('GLOB', 'which files of --site are pages (**/*.{html,htm,xhtml})'),
  'root-selector': text('CSS', 'element that holds the text of a page (html)'),
  'exclude-selectors': texts('CSS', 'elements to leave out; may be repeated, or a list with commas'),
  'no-generator-rules': flag('read what known generators put around texts, and their pages of lists, like any other'),
  'force-language': text('LANG', 'language of all pages and records, whatever they say'),
  'current-version': text(
    'NAME',
    'version that is searched where a visitor chooses none; “all” for all (found by docsearch:version and by folders)',
  ),
  'keep-index-url': flag('addresses keep index.html'),
  model: text('M', `small model (${DEFAULT_MODEL})`),
  models: path('DIR', 'folder that holds <model>/… (the models that come with era-search)'),
  'keywords-first': flag('publish the keywords at once, and the whole index when the vectors are made'),
  jobs: whole('N', 'models that make vectors side by side, each in 200 MB of memory (one for each core, at most 4)'),
  'no-model-files': flag('do not publish the small model beside the index'),
  'no-static': flag('do not read queries without a model: the first answer of a visit is then by keywords alone'),
  'no-element': flag('do not publish <era-search> with the index'),
  'no-vectors': flag('keywords only: no model, no runtime of one, no search by meaning'),
  adapter: {
    kind: 'paths',
    value: 'FILE',
    help: 'adapter to publish with the index; may be repeated. Those of an earlier run stay while they fit',
  },
  'query-url': text(
    'URL',
    'embeddings API of the large query model: aligns it to this index; the key is read from ERA_SEARCH_QUERY_KEY',
  ),
  'query-model': text('NAME', 'the query model’s name'),
  'query-prompt': text('T', 'prompt of queries, with {text} where the query goes'),
  'query-dimensions': whole('N', 'numbers in a vector of the query model (what the API answers)'),
  'query-key-header': text('NAME', 'header that holds the key, such as api-key (authorization, as a bearer token)'),
  'query-options': {
    kind: 'json',
    value: 'JSON',
    help: 'fields, headers and limits of the API’s requests, such as {"queryFields": {"input_type": "query"}}: docs/providers.md',
  },
  synonyms: path(
    'FILE',
    'synonyms, boosted and pinned pages, excluded words (synonyms.json in the folder of --site, where there is one)',
  ),
  extension: path('FILE', 'module with analyzers or an encoder of your own; pages need the same one'),
  cache: path(
    'DIR',
    'vectors and pages of earlier runs (node_modules/.cache/era-search, else the user’s cache folder)',
  ),
  config: path('FILE', `configuration (${CONFIG_FILE} of the working directory, where there is one)`),
  quiet: flag('print nothing but errors'),
  verbose: flag('name every page that was left out'),
  json: flag('print the summary as one JSON object'),
} as const satisfies Record<string, Option>;

type Name = keyof typeof SITE_OPTIONS;
interface ValueOf {
  text: string | undefined;
  path: string | undefined;
  texts: readonly string[];
  paths: readonly string[];
  flag: boolean;
  whole: number | undefined;
  /** JSON, not checked. */
  json: string | undefined;
}

/** Paths are absolute; options that were not given are undefined, an empty list or false. */
export type SiteCommandOptions = { readonly [N in Name]: ValueOf[(typeof SITE_OPTIONS)[N]['kind']] };

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NAMES = Object.keys(SITE_OPTIONS) as Name[];

/** Source of a value: its name in messages, and the base folder of its paths. */
interface Origin {
  readonly name: string;
  readonly folder: string;
}

/**
 * @throws EraError `invalid-option` that names the option and its source; TypeError of `parseArgs` for an unknown flag
 */
export function readSiteOptions(args: readonly string[], { cwd, env }: Surroundings): SiteCommandOptions {
  const flags = readFlags(args);
  const variables = readVariables(env);
  const named = flags.get('config') ?? variables.get('config');
  const config = readConfig(typeof named === 'string' ? resolve(cwd, named) : null, cwd);
  const values = NAMES.map((name): [Name, unknown] => {
    const { kind } = SITE_OPTIONS[name];
    if (flags.has(name)) return [name, checked(kind, flags.get(name), { name: `--${name}`, folder: cwd })];
    if (variables.has(name)) return [name, checked(kind, variables.get(name), { name: variableOf(name), folder: cwd })];
    const { values: entries, path: file } = config;
    if (entries.has(name))
      return [name, checked(kind, entries.get(name), { name: `“${name}” in ${file}`, folder: dirname(file) })];
    return [name, kind === 'flag' ? false : kind === 'texts' || kind === 'paths' ? [] : undefined];
  });
  return Object.fromEntries(values) as SiteCommandOptions;
}

export function variableOf(name: string): string {
  return `ERA_SEARCH_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The flags for parseArgs. */
export function siteFlags(): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    NAMES.map((name) => {
      const { kind } = SITE_OPTIONS[name];
      return [name, { type: kind === 'flag' ? 'boolean' : 'string', multiple: isList(kind) }] as const;
    }),
  );
}

function readFlags(args: readonly string[]): Map<string, unknown> {
  return new Map(
    Object.entries(parseArgs({ args: [...args], options: siteFlags(), strict: true, allowPositionals: false }).values),
  );
}

/**
 * The variables as text, which each option interprets. An empty variable counts as absent, since shells easily leave
 * one behind.
 */
function readVariables(env: Surroundings['env']): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const name of NAMES) {
    const value = env[variableOf(name)];
    if (value !== undefined && value !== '') found.set(name, fromVariable(name, value));
  }
  return found;
}

function fromVariable(name: Name, value: string): unknown {
  const { kind } = SITE_OPTIONS[name];
  if (kind === 'flag') return /^(true|1)$/.test(value) || (/^(false|0)$/.test(value) ? false : value);
  if (!isList(kind)) return value;
  // A selector may contain commas, so a list of selectors is one selector.
  return name === 'exclude-selectors'
    ? [value]
    : value
        .split(/[\n,]/)
        .map((item) => item.trim())
        .filter((item) => item !== '');
}

/** @param given must exist; without it the file of the working directory is read where it exists */
function readConfig(given: string | null, cwd: string): { path: string; values: Map<string, unknown> } {
  const file = given ?? join(cwd, CONFIG_FILE);
  const values = new Map<string, unknown>();
  if (given === null && !existsSync(file)) return { path: file, values };
  const refuse = (what: string, cause?: unknown): EraError =>
    new EraError('invalid-option', `${file} ${what}.`, { details: { path: file }, cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refuse(`cannot be read as JSON: ${messageOf(cause)}`, cause);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refuse('is not a JSON object');
  for (const [key, value] of Object.entries(parsed)) {
    if (!NAMES.some((name) => name === key) || key === 'config')
      throw refuse(`has the key “${key}”, which is no option`);
    values.set(key, value);
  }
  return { path: file, values };
}

function checked(kind: Kind, value: unknown, { name, folder }: Origin): unknown {
  const refuse = (wanted: string): EraError =>
    new EraError('invalid-option', `${name} takes ${wanted}, not ${JSON.stringify(value)}.`, {
      details: { option: name },
    });
  switch (kind) {
    case 'text':
    case 'path':
      if (typeof value !== 'string' || value === '')
        throw refuse(kind === 'path' ? 'a path' : 'a text that is not empty');
      return kind === 'path' ? resolve(folder, value) : value;
    case 'json':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'texts':
    case 'paths': {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      if (!list.every((item) => typeof item === 'string' && item !== ''))
        throw refuse('a text or a list of texts, none empty');
      return kind === 'paths' ? list.map((item) => resolve(folder, String(item))) : list;
    }
    case 'flag':
      if (typeof value !== 'boolean') throw refuse('true or false');
      return value;
    case 'whole': {
      const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < 1)
        throw refuse('a whole number of at least 1');
      return number;
    }
  }
}

function isList(kind: Kind): boolean {
  return kind === 'texts' || kind === 'paths';
}
