// Output of an evaluation in TREC's format: `qrels/<task>.qrels` of the evaluation queries, and `<system>/<task>.run`
// of every system. Runs are kept with the saved results, so that a continued evaluation has all of them.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { assertTrecField, writeQrels, writeRun } from '../../lab/trec.ts';
import type { SplitTask } from './load-tasks.ts';
import { listPassages } from './passage-file.ts';
import type { MeasuredSystem } from './result.ts';
import type { SavedRun } from './saved-run.ts';
import { labelParts } from './vector-tasks.ts';

const RUNS_MADE_ELSEWHERE = 'run:';

/**
 * Written before anything is learned, so that an id that no file can hold ends the run early.
 * @throws EraError `trec-format`, `invalid-option`
 */
export async function writeTrecQrels(folder: string, tasks: readonly SplitTask[]): Promise<void> {
  for (const task of tasks) {
    for (const id of await idsOf(task)) assertTrecField(id);
    const { evaluation } = labelParts(task, 0);
    const qrels = new Map(
      evaluation.map(({ qid, labels }) => [qid, new Map(labels.map(({ id, score }) => [id, score]))]),
    );
    await write(join(folder, 'qrels'), `${task.name}.qrels`, writeQrels(qrels));
  }
}

export class TrecRuns {
  readonly #folder: string;
  readonly #saved: SavedRun;

  constructor(folder: string, saved: SavedRun) {
    this.#folder = folder;
    this.#saved = saved;
  }

  has(system: MeasuredSystem, task: string): boolean {
    return isFromElsewhere(system) || this.#saved.readFile(savedName(system, task)) !== undefined;
  }

  /**
   * Scores encode the rank only: trec_eval orders equal scores by id, era-search by row, and both must see one ranking.
   * @param rows [queries.length, depth], −1 as padding
   */
  async keep(
    system: MeasuredSystem,
    task: SplitTask,
    queries: readonly LabelledQuery[],
    rows: Int32Array,
  ): Promise<void> {
    if (isFromElsewhere(system)) return;
    const ids = await idsOf(task);
    const depth = rows.length / queries.length;
    const rankings = new Map(
      queries.map(({ qid }, i) => [
        qid,
        Array.from(rows.subarray(i * depth, (i + 1) * depth)).flatMap((row, rank) =>
          row < 0 ? [] : [{ id: ids[row]!, score: depth - rank }],
        ),
      ]),
    );
    this.#saved.writeFile(
      savedName(system, task.name),
      new TextEncoder().encode(writeRun({ tag: nameOf(system), rankings })),
    );
  }

  /** @throws EraError `invalid-option` for a folder that cannot be written */
  async write(systems: readonly MeasuredSystem[], tasks: readonly string[]): Promise<void> {
    for (const system of systems) {
      for (const task of tasks) {
        const run = this.#saved.readFile(savedName(system, task));
        if (run) await write(join(this.#folder, nameOf(system)), `${task}.run`, run);
      }
    }
  }
}

/** `closed-form-both-0.4` */
function nameOf({ method, path, ratio }: MeasuredSystem): string {
  return `${method}-${path}-${ratio}`;
}

function savedName(system: MeasuredSystem, task: string): string {
  return `${nameOf(system)}.${task}.run`;
}

function isFromElsewhere({ method }: MeasuredSystem): boolean {
  return method.startsWith(RUNS_MADE_ELSEWHERE);
}

/** Passage ids by row number. */
async function idsOf({ passagesFile }: SplitTask): Promise<string[]> {
  return [...(await listPassages(passagesFile)).rowOf.keys()];
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), content);
  } catch (cause) {
    throw new EraError('invalid-option', `Cannot write ${join(folder, name)}: ${messageOf(cause)}`, { cause });
  }
}
