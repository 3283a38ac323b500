import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SavedRun, type SavedResult } from './saved-run.ts';

const KEY = 'a'.repeat(64);
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'saved-run-'));
});
afterEach(() => {
  rmSync(cache, { recursive: true });
});

const resultsFile = (): string => join(cache, 'runs', readdirSync(join(cache, 'runs'))[0]!, 'results.jsonl');

function result(task: string, ratio = 0.1): SavedResult {
  return {
    system: { method: 'closed-form', path: 'both', ratio },
    result: {
      task,
      domain: 'Web',
      passages: 3,
      queries: 2,
      labelled: 1,
      scores: [{ qid: 'q', ndcg10: 1 / 3, recall100: 1, reciprocalRank: 0.1, seen: false }],
    },
    cost: { learnSeconds: 0.5, seconds: 0.25, peakBytes: 1e8, adapterBytes: 1e6 },
  };
}

test('finds what was added, in this process and the next, to the last bit', () => {
  const run = new SavedRun(cache, KEY);
  run.add(result('A'));
  run.add(result('B'));
  for (const reader of [run, new SavedRun(cache, KEY)]) {
    expect(reader.size).toBe(2);
    expect(reader.find(result('A').system, 'A')).toEqual(result('A'));
    expect(reader.find(result('A').system, 'C')).toBeUndefined();
    expect(reader.find({ ...result('A').system, ratio: 0.2 }, 'A')).toBeUndefined();
  }
});

test('a kill in the middle of a line loses that line only', () => {
  const run = new SavedRun(cache, KEY);
  run.add(result('A'));
  run.add(result('B'));
  truncateSync(resultsFile(), statSync(resultsFile()).size - 5);
  const next = new SavedRun(cache, KEY);
  expect(next.size).toBe(1);
  next.add(result('C'));
  expect(new SavedRun(cache, KEY).find(result('C').system, 'C')).toEqual(result('C'));
});

test('another key, or a fresh start, has no results', () => {
  const run = new SavedRun(cache, KEY);
  run.add(result('A'));
  run.writeFile('x', Uint8Array.of(1, 2));
  expect(new SavedRun(cache, 'b'.repeat(64)).size).toBe(0);
  const fresh = new SavedRun(cache, KEY, true);
  expect(fresh.size).toBe(0);
  expect(fresh.readFile('x')).toBeUndefined();
});

test('files are complete or absent', () => {
  const run = new SavedRun(cache, KEY);
  expect(run.readFile('x')).toBeUndefined();
  run.writeFile('x', Uint8Array.of(1, 2));
  run.writeFile('x', Uint8Array.of(3));
  expect(run.readFile('x')).toEqual(Uint8Array.of(3));
  run.removeFile('x');
  run.removeFile('x');
  expect(run.readFile('x')).toBeUndefined();
});

test('refuses a folder that cannot be written', () => {
  writeFileSync(join(cache, 'runs'), '');
  appendFileSync(join(cache, 'runs'), 'x');
  expect(() => new SavedRun(cache, KEY)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
});
