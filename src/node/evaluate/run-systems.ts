// Systems from runs in TREC's format that were made elsewhere: each is a row of the report, scored on the same
// evaluation queries as all others.

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { SCORED_DEPTH } from '../../evaluate/score-rankings.ts';
import { parseRun, type TrecRun } from '../../lab/trec.ts';
import type { SplitTask } from './load-tasks.ts';
import { listPassages, namingFile } from './passage-file.ts';
import type { System } from './system.ts';

/**
 * Reads the runs at once, so that a bad file ends the command at its start.
 * @param paths of each system a folder with `<task>.run` of every task, or, for a single task, a file
 * @throws EraError `invalid-option`, `trec-format`, `duplicate-id`, `missing-id` for a query that the task does not
 * have; answering: `missing-id` for a passage
 */
export async function runSystems(paths: readonly string[], tasks: readonly SplitTask[]): Promise<System[]> {
  const systems: System[] = [];
  for (const path of paths) {
    const files = await filesOf(path, tasks);
    const hash = createHash('sha256');
    const runs = new Map<string, TrecRun>();
    for (const [task, file] of files) {
      const text = await read(file);
      hash.update(JSON.stringify([task.name, text]));
      const run = await namingFile(file, () => Promise.resolve(text).then(parseRun));
      assertQueries(run, task, file);
      runs.set(task.name, run);
    }
    const tags = [...new Set([...runs.values()].map(({ tag }) => tag))];
    const [tag] = tags;
    if (tag === undefined || tags.length > 1)
      throw new EraError('invalid-option', `The runs in ${path} are of more than one system: ${tags.join(', ')}.`);
    const method = `run:${tag}` as const;
    if (systems.some((other) => other.method === method))
      throw new EraError('invalid-option', `Two runs are called ${tag}.`);
    systems.push({
      method,
      path: 'local',
      ratio: 0,
      version: hash.digest('hex'),
      answer: async (task, { evaluation }) => {
        const { rowOf } = await listPassages(task.passagesFile);
        const { rankings } = runs.get(task.name)!;
        const rows = new Int32Array(evaluation.length * SCORED_DEPTH).fill(-1);
        evaluation.forEach(({ qid }, i) => {
          const ranked = rankings.get(qid)?.slice(0, SCORED_DEPTH) ?? [];
          rows.set(
            ranked.map(({ id }) => rowNumber(rowOf, id, tag, task.name)),
            i * SCORED_DEPTH,
          );
        });
        return { queries: new Float32Array(), rows, adapterBytes: 0 };
      },
    });
  }
  return systems;
}

async function filesOf(path: string, tasks: readonly SplitTask[]): Promise<Map<SplitTask, string>> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot read the run ${path}: ${messageOf(cause)}`, { cause });
  });
  if (found.isDirectory()) return new Map(tasks.map((task) => [task, join(path, `${task.name}.run`)]));
  const [only] = tasks;
  if (!only || tasks.length > 1)
    throw new EraError(
      'invalid-option',
      `${path} is one file and there are ${tasks.length} tasks: give a folder with a file <task>.run of each.`,
    );
  return new Map([[only, path]]);
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot read the run ${file}: ${messageOf(cause)}`, { cause });
  });
}

function assertQueries({ rankings }: TrecRun, { name, queries }: SplitTask, file: string): void {
  const known = new Set(queries.map(({ qid }) => qid));
  for (const qid of rankings.keys()) {
    if (!known.has(qid))
      throw new EraError('missing-id', `${file} has the query “${qid}”, which ${name} does not have.`, {
        details: { qid },
      });
  }
}

function rowNumber(rowOf: ReadonlyMap<string, number>, id: string, tag: string, task: string): number {
  const row = rowOf.get(id);
  if (row === undefined)
    throw new EraError(
      'missing-id',
      `The run ${tag} ranks the passage “${id}”, which is not in the corpus of ${task}.`,
      { details: { id } },
    );
  return row;
}
