// `era-search mair`: downloads the tasks of the MAIR benchmark as folders that `evaluate` reads. It can be stopped and
// started again at any time.

import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { EraError } from '../../errors.ts';
import { MAIR_TASKS, type MairTask } from '../../evaluate/mair.ts';
import type { CommandIo } from '../command-io.ts';
import { fetchTask, type FetchedTask } from './fetch-task.ts';
import { HUB } from './hub.ts';

/** Milliseconds between two lines about one file. */
const PROGRESS_EVERY_MS = 5000;

const HELP = `era-search mair --out DIR [flags]

Downloads the tasks of the MAIR benchmark (arXiv 2410.10127) from the hub of data sets: 126 folders for evaluate --tasks DIR.
Goes on where it was stopped. Passages that several tasks share are stored once.

  --out DIR        folder of the tasks, made where it is missing
  --tasks LIST     tasks or domains (Academic, Code, Finance, Legal, Medical, Web)   (all)
  --sub-splits S   joined: CQADupStack, IFEval and MISeD as one task each, as ERA measures them
                   apart: each of their parts as a task of its own, as MAIR does   (joined)
  --endpoint URL   the hub or a mirror of it                                        (${HUB})
  --list           only print the tasks, with domain and corpus`;

export async function runMair(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: 'string' },
      tasks: { type: 'string' },
      'sub-splits': { type: 'string', default: 'joined' },
      endpoint: { type: 'string', default: HUB },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    io.print(HELP);
    return 0;
  }
  const tasks = readTasks(values.tasks);
  if (values.list) {
    for (const { name, domain, corpus } of tasks) io.print([name, domain, corpus].join('\t'));
    return 0;
  }
  const { out, endpoint, 'sub-splits': subSplits } = values;
  if (out === undefined || out === '') throw new EraError('invalid-option', 'Name the folder to write to: --out DIR');
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint))
    throw new EraError('invalid-option', `--endpoint takes an http address, not “${endpoint}”.`);
  if (subSplits !== 'joined' && subSplits !== 'apart')
    throw new EraError('invalid-option', `--sub-splits takes joined or apart, not “${subSplits}”.`);

  const onProgress = progressNotes(io);
  for (const task of tasks) {
    const fetched = await fetchTask(task, {
      out,
      endpoint,
      apart: subSplits === 'apart',
      signal: io.signal,
      onProgress,
    });
    for (const each of fetched) io.note(summary(each));
  }
  return 0;
}

/** @throws EraError `invalid-option` */
function readTasks(list: string | undefined): readonly MairTask[] {
  if (list === undefined) return MAIR_TASKS;
  const asked = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const unknown = asked.find((item) => !MAIR_TASKS.some(({ name, domain }) => name === item || domain === item));
  if (unknown !== undefined || asked.length === 0) {
    throw new EraError(
      'invalid-option',
      `--tasks takes names of MAIR's tasks or domains, not “${unknown ?? ''}”; --list prints them.`,
    );
  }
  return MAIR_TASKS.filter(({ name, domain }) => asked.includes(name) || asked.includes(domain));
}

function summary({ name, passages, queries, labelsDropped, replaced }: FetchedTask): string {
  const notes = [
    ...(labelsDropped > 0 ? [`labels to absent passages left out: ${labelsDropped}`] : []),
    ...(replaced > 0 ? [`queries replaced by a later one with the same id: ${replaced}`] : []),
  ];
  return `${name}: ${passages} passages, ${queries} queries${notes.map((note) => `; ${note}`).join('')}`;
}

function progressNotes(io: CommandIo): (file: string, loadedBytes: number, totalBytes: number | null) => void {
  let lastMs = performance.now();
  return (file, loadedBytes, totalBytes) => {
    if (performance.now() - lastMs < PROGRESS_EVERY_MS) return;
    lastMs = performance.now();
    const place = join(basename(dirname(file)), basename(file, '.raw'));
    io.note(`  ${place}: ${megabytes(loadedBytes)}${totalBytes === null ? '' : ` of ${megabytes(totalBytes)}`} MB`);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
