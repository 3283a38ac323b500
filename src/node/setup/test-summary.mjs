// Counts of a test run from the reporters' JSON, and the lines that end npm test.

import { existsSync } from 'node:fs';
import { readJson } from './read-json.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} title
 * @property {boolean} ok
 * @property {number} seconds
 * @property {Counts} [counts] absent where a part has no tests to count, such as lint
 *
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
  const rows = outcomes.map(({ title, ok, seconds, counts }) => {
    const tests = counts ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : '';
    return `  ${ok ? 'ok    ' : 'FAILED'}  ${title.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(8)}  ${tests}`.trimEnd();
  });
  const failed = outcomes.filter(({ ok }) => !ok);
  return ['', ...rows, '', failed.length === 0 ? 'All is well.' : `Failed: ${failed.map(({ title }) => title).join(', ')}. A skipped test counts as a failure.`];
}
