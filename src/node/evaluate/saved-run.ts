// The saved state of an evaluation on disk: results line by line as they arrive, trained adapters, and checkpoints of
// trainings, from which a killed run continues. The folder is named by a hash of all that the results depend on.

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import type { MeasuredSystem, TaskResult } from './result.ts';

/** One system on one task. */
export interface SavedResult {
  readonly system: MeasuredSystem;
  readonly result: TaskResult;
  readonly cost: TaskCost;
}

export interface TaskCost {
  /** Seconds in which the system learned for all tasks together. */
  readonly learnSeconds: number;
  /** Seconds of learning and ranking for this task. */
  readonly seconds: number;
  readonly peakBytes: number;
  readonly adapterBytes: number;
}

export class SavedRun {
  readonly #folder: string;
  readonly #results = new Map<string, SavedResult>();

  /**
   * @param key sha-256 in hexadecimal of all that the results depend on
   * @param fresh deletes what an earlier run saved
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(cacheRoot: string, key: string, fresh = false) {
    this.#folder = join(cacheRoot, 'runs', key.slice(0, 32));
    try {
      if (fresh) rmSync(this.#folder, { recursive: true, force: true });
      mkdirSync(this.#folder, { recursive: true });
      for (const saved of readLines(this.#resultsFile))
        this.#results.set(keyOf(saved.system, saved.result.task), saved);
      // A kill may have left part of a line, so a new line is started.
      if (existsSync(this.#resultsFile)) appendFileSync(this.#resultsFile, '\n');
    } catch (cause) {
      throw new EraError('invalid-option', `Results cannot be saved in ${this.#folder}: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  get size(): number {
    return this.#results.size;
  }

  find(system: MeasuredSystem, task: string): SavedResult | undefined {
    return this.#results.get(keyOf(system, task));
  }

  add(saved: SavedResult): void {
    appendFileSync(this.#resultsFile, `${JSON.stringify(saved)}\n`);
    this.#results.set(keyOf(saved.system, saved.result.task), saved);
  }

  /** Undefined where there is none. */
  readFile(name: string): Uint8Array<ArrayBuffer> | undefined {
    const path = join(this.#folder, name);
    return existsSync(path) ? Uint8Array.from(readFileSync(path)) : undefined;
  }

  /** Writes the whole file or nothing. */
  writeFile(name: string, bytes: Uint8Array): void {
    const path = join(this.#folder, name);
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }

  removeFile(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  get #resultsFile(): string {
    return join(this.#folder, 'results.jsonl');
  }
}

function keyOf({ method, path, ratio, version }: MeasuredSystem, task: string): string {
  return JSON.stringify([method, path, ratio, task, version]);
}

/** Reads complete lines only. */
function readLines(path: string): SavedResult[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as SavedResult];
      } catch {
        return [];
      }
    });
}
