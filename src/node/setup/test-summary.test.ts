import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from './folder-for-test.ts';
import { isGood, readPlaywrightCounts, readPlaywrightTimes, readVitestCounts, readVitestTimes, summaryLines } from './test-summary.mjs';

test('counts of Vitest: what is skipped or left to do is skipped', () => {
  const folder = folderForTest({ 'r.json': JSON.stringify({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 }) });
  expect(readVitestCounts(join(folder, 'r.json'))).toEqual({ passed: 5, failed: 1, skipped: 5 });
  expect(readVitestCounts(join(folder, 'absent.json'))).toBeNull();
});

test('counts of Playwright: what passed only when repeated has failed', () => {
  const folder = folderForTest({ 'r.json': JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 3 } }) });
  expect(readPlaywrightCounts(join(folder, 'r.json'))).toEqual({ passed: 4, failed: 3, skipped: 3 });
  expect(readPlaywrightCounts(join(folder, 'absent.json'))).toBeNull();
});

test('a part is good only when its command ended well, tests ran, and none failed or was skipped', () => {
  expect(isGood(0, undefined)).toBe(true);
  expect(isGood(0, { passed: 1, failed: 0, skipped: 0 })).toBe(true);
  expect(isGood(1, { passed: 1, failed: 0, skipped: 0 })).toBe(false);
  expect(isGood(0, { passed: 1, failed: 0, skipped: 1 })).toBe(false);
  expect(isGood(0, { passed: 0, failed: 0, skipped: 0 })).toBe(false);
  expect(isGood(0, null)).toBe(false);
  expect(isGood(2, undefined)).toBe(false);
});

test('the summary names every part with its counts, and what failed', () => {
  const text = summaryLines([
    { title: 'Lint', ok: true, seconds: 3.21 },
    { title: 'Node tests', ok: false, seconds: 12, counts: { passed: 9, failed: 1, skipped: 0 } },
  ]).join('\n');
  expect(text).toMatch(/ok +Lint +3\.2 s/);
  expect(text).toMatch(/FAILED +Node tests +12\.0 s +9 passed, 1 failed, 0 skipped/);
  expect(text).toMatch(/Failed: Node tests\./);
});

test('the summary names what took longest in each part, first the slowest', () => {
  const vitest = { testResults: [1, 4, 2, 9, 3, 5].map((seconds) => ({ name: `/r/src/${seconds}.test.ts`, startTime: 1000, endTime: 1000 + 1000 * seconds })) };
  const specs = (...ms: number[]): object => ({ specs: ms.map((duration) => ({ tests: [{ results: [{ duration }] }] })) });
  const playwright = { suites: [{ file: 'a.spec.ts', ...specs(1000, 500), suites: [{ file: 'a.spec.ts', ...specs(250) }] }] };
  const folder = folderForTest({ 'v.json': JSON.stringify(vitest), 'p.json': JSON.stringify(playwright) });
  expect(readPlaywrightTimes(join(folder, 'p.json'))).toEqual([{ file: 'a.spec.ts', seconds: 1.75 }]);
  const times = readVitestTimes(join(folder, 'v.json'), '/r');
  const lines = summaryLines([{ title: 'Node tests', ok: true, seconds: 30, times }]);
  expect(lines.slice(2, 7).map((line) => line.trim().replace(/ +/g, ' '))).toEqual([9, 5, 4, 3, 2].map((seconds) => `${seconds}.0 s src/${seconds}.test.ts`));
  expect([readVitestTimes(join(folder, 'absent.json'), '/r'), readPlaywrightTimes(join(folder, 'absent.json'))]).toEqual([[], []]);
});
