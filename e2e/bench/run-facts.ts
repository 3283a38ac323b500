// What a figure was measured on: date, machine, browser and commit.

import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export interface RunFacts {
  readonly date: string;
  readonly machine: string;
  /** Of one minute, at the start. */
  readonly load: number;
  readonly chromium: string;
  readonly commit: string;
}

export function runFacts(chromium: string): RunFacts {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}, ${(totalmem() / 1e9).toFixed(0)} GB`,
    load: Number(loadavg()[0]!.toFixed(1)),
    chromium,
    commit: commit(),
  };
}

export function factsLine({ date, machine, load, chromium, commit: ofCommit }: RunFacts): string {
  return `${date}, Chromium ${chromium}, ${machine}, load ${load} at the start, commit ${ofCommit}`;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : ' with changes');
  } catch {
    return 'unknown commit';
  }
}
