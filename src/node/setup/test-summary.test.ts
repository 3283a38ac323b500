import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from './folder-for-test.ts';
import { isGood, readPlaywrightReport, readVitestReport, summaryLines } from './test-summary.mjs';

test('counts of Vitest: what is skipped or left to do is skipped', () => {
  const folder = folderForTest({
    'r.json': JSON.stringify({
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 3,
      testResults: [],
    }),
  });
  expect(readVitestReport(join(folder, 'r.json'), '/r').counts).toEqual({ passed: 5, failed: 1, skipped: 5 });
  expect(readVitestReport(join(folder, 'absent.json'), '/r')).toEqual({ counts: null, times: [], failures: [] });
});

test('counts of Playwright: what passed only when repeated has failed', () => {
  const folder = folderForTest({
    'r.json': JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 3 }, suites: [] }),
  });
  expect(readPlaywrightReport(join(folder, 'r.json')).counts).toEqual({ passed: 4, failed: 3, skipped: 3 });
  expect(readPlaywrightReport(join(folder, 'absent.json'))).toEqual({ counts: null, times: [], failures: [] });
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

test('the summary names the slowest files of each part, slowest first', () => {
  const testResults = [1, 4, 2, 9, 3, 5].map((seconds) => ({
    name: `/r/src/${seconds}.test.ts`,
    startTime: 1000,
    endTime: 1000 + 1000 * seconds,
    assertionResults: [],
  }));
  const specs = (...ms: number[]): object => ({
    specs: ms.map((duration) => ({ tests: [{ results: [{ duration }] }] })),
  });
  const suites = [{ file: 'a.spec.ts', ...specs(1000, 500), suites: [{ file: 'a.spec.ts', ...specs(250) }] }];
  const folder = folderForTest({
    'v.json': JSON.stringify({ testResults }),
    'p.json': JSON.stringify({ stats: {}, suites }),
  });
  expect(readPlaywrightReport(join(folder, 'p.json')).times).toEqual([{ file: 'a.spec.ts', seconds: 1.75 }]);
  const { times } = readVitestReport(join(folder, 'v.json'), '/r');
  const lines = summaryLines([{ title: 'Node tests', ok: true, seconds: 30, times }]);
  expect(lines.slice(2, 7).map((line) => line.trim().replace(/ +/g, ' '))).toEqual(
    [9, 5, 4, 3, 2].map((seconds) => `${seconds}.0 s src/${seconds}.test.ts`),
  );
});

test('the summary repeats which tests failed, and why, without colours', () => {
  const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
  const results = (...states: string[]): object[] =>
    states.map((status) => ({ status, fullName: `it ${status}`, failureMessages: [red('is wrong')] }));
  const testResults = [
    { name: '/r/src/a.test.ts', status: 'failed', message: '', assertionResults: results('passed', 'failed') },
    { name: '/r/src/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    { name: '/r/src/c.test.ts', status: 'passed', message: '', assertionResults: results('passed') },
  ];
  const spec = (title: string, status: string): object => ({
    title,
    tests: [{ status, results: [{ duration: 1, errors: [{ message: red('is late') }] }] }],
  });
  const suites = [
    {
      file: 'd.spec.ts',
      specs: [spec('opens', 'expected')],
      suites: [{ file: 'd.spec.ts', specs: [spec('closes', 'unexpected'), spec('shuts', 'flaky')] }],
    },
  ];
  const folder = folderForTest({
    'v.json': JSON.stringify({ testResults }),
    'p.json': JSON.stringify({ stats: {}, suites }),
  });
  const reports = [readVitestReport(join(folder, 'v.json'), '/r'), readPlaywrightReport(join(folder, 'p.json'))];
  const lines = summaryLines(reports.map((report) => ({ title: 'Tests', ok: false, seconds: 1, ...report })));
  expect(lines.slice(1, 13)).toEqual(
    [
      'src/a.test.ts › it failed|is wrong',
      'src/b.test.ts|no such module',
      'd.spec.ts › closes|is late',
      'd.spec.ts › shuts|is late',
    ].flatMap((told) => {
      const [name, message] = told.split('|');
      return [`FAILED  ${name!}`, `    ${message!}`, ''];
    }),
  );
});
