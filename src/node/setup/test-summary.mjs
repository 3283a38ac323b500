// Counts and times of a test run from the reporters' JSON, and the lines that end npm test.

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { readJson } from './read-json.mjs';

/** Files named for each part. */
const SLOWEST = 5;

/**
 * @typedef {object} Outcome
 * @property {string} title
 * @property {boolean} ok
 * @property {number} seconds
 * @property {Counts} [counts] absent where a part has no tests to count, such as lint
 * @property {readonly FileTime[]} [times] of its files, in any order
 *
 * @typedef {{ file: string, seconds: number }} FileTime
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * @param {string} path of Vitest's JSON report
 * @returns {Counts | null} null when there is none
 */
export function readVitestCounts(path) {
  if (!existsSync(path)) return null;
  const report = /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} */ (readJson(path));
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests };
}

/**
 * A spec that passed only when repeated counts as failed.
 * @param {string} path of Playwright's JSON report
 * @returns {Counts | null} null when there is none
 */
export function readPlaywrightCounts(path) {
  if (!existsSync(path)) return null;
  const { stats } = /** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } }} */ (readJson(path));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

/**
 * @param {string} path of Vitest's JSON report
 * @param {string} root
 * @returns {FileTime[]} none where there is no report
 */
export function readVitestTimes(path, root) {
  if (!existsSync(path)) return [];
  const { testResults } = /** @type {{ testResults: { name: string, startTime: number, endTime: number }[] }} */ (readJson(path));
  return testResults.map(({ name, startTime, endTime }) => ({ file: relative(root, name), seconds: (endTime - startTime) / 1000 }));
}

/**
 * @typedef {{ file: string, specs?: { tests: { results: { duration: number }[] }[] }[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 *
 * @param {string} path of Playwright's JSON report
 * @returns {FileTime[]} none where there is no report
 */
export function readPlaywrightTimes(path) {
  if (!existsSync(path)) return [];
  const { suites } = /** @type {{ suites: PlaywrightSuite[] }} */ (readJson(path));
  return suites.map((suite) => ({ file: suite.file, seconds: secondsOf(suite) }));
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {number}
 */
function secondsOf({ specs = [], suites = [] }) {
  const durations = specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration / 1000)));
  return [...durations, ...suites.map(secondsOf)].reduce((sum, seconds) => sum + seconds, 0);
}

/**
 * Whether a part is good: its command ended with 0 and, where tests are counted, at least one ran and none was skipped.
 * @param {number} code
 * @param {Counts | null | undefined} counts undefined for a part without tests; null where a report is missing
 */
export function isGood(code, counts) {
  if (code !== 0 || counts === null) return false;
  return counts === undefined || (counts.failed === 0 && counts.skipped === 0 && counts.passed > 0);
}

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {string[]} lines
 */
export function summaryLines(outcomes) {
  const width = Math.max(...outcomes.map(({ title }) => title.length));
  const rows = outcomes.flatMap(({ title, ok, seconds, counts, times = [] }) => {
    const tests = counts ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : '';
    const slowest = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
    const row = `  ${ok ? 'ok    ' : 'FAILED'}  ${title.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(8)}  ${tests}`.trimEnd();
    return [row, ...slowest.map((time) => `  ${' '.repeat(width + 8)}  ${`${time.seconds.toFixed(1)} s`.padStart(8)}    ${time.file}`)];
  });
  const failed = outcomes.filter(({ ok }) => !ok);
  return ['', ...rows, '', failed.length === 0 ? 'All is well.' : `Failed: ${failed.map(({ title }) => title).join(', ')}. A skipped test counts as a failure.`];
}
