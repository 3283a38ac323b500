// The flags of `evaluate`: parsed, checked, with their defaults.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { QueryPath } from '../../adapter/adapter.ts';
import { EraError, messageOf } from '../../errors.ts';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { packageRoot } from '../package-root.ts';
import { SAMPLE_PASSAGES } from './load-tasks.ts';
import { DEFAULT_METHODS, METHOD_NAMES, METHODS, type Method } from './systems.ts';

const PATHS: readonly QueryPath[] = ['remote', 'local', 'both', 'static'];
/** Without `static`, for which the model has to read the words of every task. */
const DEFAULT_PATHS: readonly QueryPath[] = ['remote', 'local', 'both'];

const LOCAL_DEVICES = ['cpu', 'wasm'] as const;
type LocalDevice = (typeof LOCAL_DEVICES)[number];

const FORMER_NAMES: Readonly<Record<string, Method | undefined>> = {
  ours: 'closed-form',
  'hybrid-ours': 'hybrid-closed-form',
};

const DEFAULT_MEMORY_MB = 1024;
const BYTES_PER_MB = 2 ** 20;

export const USAGE = `era-search evaluate [flags]

Measures nDCG@10 of every method on the evaluation half of labelled tasks, and prints a table.

  --tasks DIR          folder with one folder a task: queries.jsonl and docs.jsonl   (public/corpora);
                       where queries.jsonl has no labels, qrels.txt has them in TREC's format
  --splits FILE        JSON: task → {queries: shuffled ids, sample: passage ids}     (ERA's split by --seed)
  --sample N           passages of each task to align on, where no file names them   (${SAMPLE_PASSAGES})
  --domains FILE       JSON: task → domain, for era-domain, era-lodo and the report  (MAIR's)
  --vectors DIR        recorded query-model vectors: <task>.queries.npy and <task>.docs200.npy
  --endpoint URL       embeddings API to ask instead, with --model NAME and, where it needs one, --query-prompt 'T {text}';
                       the key is read from the environment variable EMBEDDINGS_API_KEY
                       (without --vectors and --endpoint: bge-small-en-v1.5, in this process)
  --methods LIST       of ${METHOD_NAMES.join(', ')},
                       or all                                                        (${DEFAULT_METHODS.join(', ')})
  --paths LIST         of ${PATHS.join(', ')}: for methods that can take any of them
                                                                                     (${DEFAULT_PATHS.join(',')})
  --ratios LIST        shares of the queries to train on, 0 to 0.4                   (0,0.05,0.1,0.2,0.4)
  --json FILE          write the report as JSON
  --markdown FILE      write the report as Markdown, as it is printed
  --csv FILE           write a line for every method, path, ratio and task
  --html FILE          write the report as a page with figures
  --trec DIR           write TREC files: qrels/<task>.qrels of the evaluation part and <system>/<task>.run
  --runs LIST          TREC runs made elsewhere, to score on the same queries: of each system a folder
                       with <task>.run of every task or, for a single task, a file
  --base FILE          adapter that the closed form starts from, or “others”: fitted on the
                       other tasks, as if each were a new site                       (others)
  --document-model M   small model of passages and local queries; “static”: the general table
                       of the default model, for both      (${DEFAULT_MODEL})
  --local-device D     what embeds local queries: cpu, or wasm as in a page          (cpu)
  --models DIR         folder of the small models                                    (public/models)
  --cache DIR          vectors, results and trainings of earlier runs, to go on from (.cache/vectors)
  --fresh              measure and train again what was saved; vectors are kept
  --checkpoint SEC     time between two checkpoints of a training                    (10)
  --memory MB          tasks kept in memory while others are used                    (${DEFAULT_MEMORY_MB})
  --seed N             of the split, the training and the bootstrap                  (42)
  --help`;

export interface EvaluateOptions {
  readonly tasks: string;
  readonly splits: string | undefined;
  /** Passages of each task to align on, where `splits` does not name them. */
  readonly sample: number;
  readonly domains: string | undefined;
  readonly vectors: string | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly methods: readonly Method[];
  readonly paths: readonly QueryPath[];
  readonly ratios: readonly number[];
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly csv: string | undefined;
  readonly html: string | undefined;
  /** Folder for TREC files. */
  readonly trec: string | undefined;
  /** Folders and files with TREC runs. */
  readonly runs: readonly string[];
  /** Path of an adapter file, or `others`. */
  readonly base: string;
  readonly documentModel: string;
  /** Device for local queries; passages are embedded on the CPU, like an index. */
  readonly localDevice: LocalDevice;
  readonly models: string;
  readonly cache: string;
  /** Deletes saved results. */
  readonly fresh: boolean;
  readonly checkpointMs: number;
  /** Most bytes of tasks that are kept in memory. */
  readonly memoryBytes: number;
  readonly seed: number;
  readonly help: boolean;
}

export interface Endpoint {
  readonly url: string;
  readonly model: string;
  /** `{text}` is replaced with the query; empty for no prompt. */
  readonly queryPrompt: string;
}

/** @param note called for old names @throws EraError `invalid-option` */
export function parseEvaluateOptions(
  args: readonly string[],
  note: (line: string) => void = () => undefined,
): EvaluateOptions {
  const flags = readFlags(args);
  const endpoint = readEndpoint(flags);
  const ratios = readRatios(flags.ratios);
  if (endpoint && flags.vectors) throw new EraError('invalid-option', '--vectors and --endpoint exclude each other.');
  return {
    tasks: flags.tasks,
    splits: flags.splits,
    sample: readWhole('sample', flags.sample, 2),
    domains: flags.domains,
    vectors: flags.vectors,
    endpoint,
    methods: readMethods(renamed(flags.methods, note), ratios),
    paths: readList('paths', flags.paths, PATHS),
    ratios,
    json: flags.json,
    markdown: flags.markdown,
    csv: flags.csv,
    html: flags.html,
    trec: flags.trec,
    runs: split(flags.runs),
    base: flags.base,
    documentModel: flags['document-model'],
    localDevice: readLocalDevice(flags['local-device']),
    models: flags.models,
    cache: flags.cache,
    fresh: flags.fresh,
    checkpointMs: readSeconds('checkpoint', flags.checkpoint) * 1000,
    memoryBytes: readWhole('memory', flags.memory, 1) * BYTES_PER_MB,
    seed: readSeed(flags.seed),
    help: flags.help,
  };
}

// parseArgs infers the type from the flags.
function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        tasks: { type: 'string', default: join(packageRoot(), 'public/corpora') },
        splits: { type: 'string' },
        sample: { type: 'string', default: String(SAMPLE_PASSAGES) },
        domains: { type: 'string' },
        vectors: { type: 'string' },
        endpoint: { type: 'string' },
        model: { type: 'string' },
        'query-prompt': { type: 'string' },
        methods: { type: 'string', default: DEFAULT_METHODS.join(',') },
        paths: { type: 'string', default: DEFAULT_PATHS.join(',') },
        ratios: { type: 'string', default: '0,0.05,0.1,0.2,0.4' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        csv: { type: 'string' },
        html: { type: 'string' },
        trec: { type: 'string' },
        runs: { type: 'string', default: '' },
        base: { type: 'string', default: 'others' },
        'local-device': { type: 'string', default: 'cpu' },
        'document-model': { type: 'string', default: DEFAULT_MODEL },
        models: { type: 'string', default: join(packageRoot(), 'public/models') },
        cache: { type: 'string', default: '.cache/vectors' },
        fresh: { type: 'boolean', default: false },
        checkpoint: { type: 'string', default: '10' },
        memory: { type: 'string', default: String(DEFAULT_MEMORY_MB) },
        seed: { type: 'string', default: '42' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw new EraError('invalid-option', messageOf(cause), { cause });
  }
}

function readLocalDevice(name: string): LocalDevice {
  const device = LOCAL_DEVICES.find((known) => known === name);
  if (!device)
    throw new EraError('invalid-option', `--local-device takes ${LOCAL_DEVICES.join(' or ')}, not “${name}”.`);
  return device;
}

/** @throws EraError `invalid-option` */
export function readEndpoint(flags: {
  readonly endpoint?: string | undefined;
  readonly model?: string | undefined;
  readonly 'query-prompt'?: string | undefined;
}): Endpoint | undefined {
  const { endpoint: url, model, 'query-prompt': queryPrompt = '' } = flags;
  if (url === undefined) {
    if (model !== undefined || queryPrompt !== '')
      throw new EraError('invalid-option', '--model and --query-prompt go with --endpoint.');
    return undefined;
  }
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new EraError('invalid-option', `--endpoint takes an http address, not “${url}”.`);
  if (!model) throw new EraError('invalid-option', '--endpoint needs --model.');
  if (queryPrompt !== '' && !queryPrompt.includes('{text}'))
    throw new EraError('invalid-option', '--query-prompt needs {text} where the query goes.');
  return { url, model, queryPrompt };
}

/** Replaces method names of earlier versions with the present ones. */
function renamed(list: string, note: (line: string) => void): string {
  return split(list)
    .map((name) => {
      const today = FORMER_NAMES[name];
      if (today !== undefined) note(`The method ${name} is called ${today} now.`);
      return today ?? name;
    })
    .join(',');
}

/** A method that learns from labels alone is refused where no ratio is above 0. */
function readMethods(text: string, ratios: readonly number[]): Method[] {
  const isIdle = (method: Method): boolean => METHODS[method].uses === 'labels' && !ratios.some((ratio) => ratio > 0);
  if (text === 'all') return METHOD_NAMES.filter((method) => !isIdle(method));
  const methods = readList('methods', text, METHOD_NAMES);
  const idle = methods.find(isIdle);
  if (idle !== undefined)
    throw new EraError(
      'invalid-option',
      `--methods has ${idle}, which learns from labels alone, and --ratios has no number above 0.`,
    );
  return methods;
}

/** In the order of `known`, so that a report does not depend on the order of a flag. */
function readList<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  const given = split(text);
  const unknown = given.find((item) => !(known as readonly string[]).includes(item));
  if (unknown !== undefined || given.length === 0)
    throw new EraError('invalid-option', `--${flag} takes a list of ${known.join(', ')}, not “${unknown ?? ''}”.`);
  return known.filter((item) => given.includes(item));
}

function readRatios(text: string): number[] {
  const ratios = split(text).map(Number);
  if (ratios.length === 0 || !ratios.every((ratio) => ratio >= 0 && ratio <= 0.4)) {
    throw new EraError('invalid-option', `--ratios takes a list of numbers from 0 to 0.4, not “${text}”.`);
  }
  return [...new Set(ratios)].sort((a, b) => a - b);
}

/** @throws EraError `invalid-option` */
export function readSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed >= 2 ** 32)
    throw new EraError('invalid-option', `--seed takes a whole number below 2^32, not “${text}”.`);
  return seed;
}

function readSeconds(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity))
    throw new EraError('invalid-option', `--${flag} takes a number of seconds, not “${text}”.`);
  return value;
}

function readWhole(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 1e9)
    throw new EraError('invalid-option', `--${flag} takes a whole number of at least ${least}, not “${text}”.`);
  return value;
}

function split(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
