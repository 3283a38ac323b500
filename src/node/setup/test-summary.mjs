// Counts, times and failures of a test run from the reporters' JSON, and the summary at the end of npm test.

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readJson } from './read-json.mjs';

/** Number of slowest files named for each part. */
const SLOWEST = 5;
/** Failures repeated for each part, since often only the end of a log is kept; and the lines of each. */
const TOLD_FAILURES = 5;
const TOLD_LINES = 12;

/**
 * @typedef {{ title: string, ok: boolean, seconds: number } & Partial<Report>} Outcome a part without tests to count, such as lint, has no report
 *
 * @typedef {object} Report
 * @property {Counts | null} counts null where a runner left no report
 * @property {readonly FileTime[]} times of files, in any order
 * @property {readonly Failure[]} failures
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ file: string, seconds: number }} FileTime
 * @typedef {{ file: string, test: string, message: string }} Failure `test` is empty where the file itself failed
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {VitestFile[]} testResults
 *
 * @typedef {object} VitestFile
 * @property {string} name
 * @property {string} status
 * @property {string} message
 * @property {number} startTime
 * @property {number} endTime
 * @property {{ status: string, fullName: string, failureMessages: string[] | null }[]} assertionResults
 *
 * @typedef {{ title: string, tests: { status: string, results: { duration: number, errors: { message?: string }[] }[] }[] }} PlaywrightSpec
 * @typedef {{ file: string, specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/** @type {Report} */
const NO_REPORT = { counts: null, times: [], failures: [] };

/**
 * @param {string} path of Vitest's JSON report
 * @param {string} root
 * @returns {Report}
 */
export function readVitestReport(path, root) {
  if (!existsSync(path)) return NO_REPORT;
  const report = /** @type {VitestReport} */ (readJson(path));
  return {
    counts: {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    times: report.testResults.map(({ name, startTime, endTime }) => ({
      file: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    })),
    failures: report.testResults.flatMap((file) => vitestFailures(file, root)),
  };
}

/**
 * @param {VitestFile} file
 * @param {string} root
 * @returns {Failure[]}
 */
function vitestFailures({ name, status, message, assertionResults }, root) {
  const file = relative(root, name);
  const failed = assertionResults.filter((result) => result.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [{ file, test: '', message }];
  return failed.map(({ fullName, failureMessages }) => ({
    file,
    test: fullName,
    message: (failureMessages ?? []).join('\n'),
  }));
}

/**
 * A spec that passed only after a retry counts as failed.
 * @param {string} path of Playwright's JSON report
 * @returns {Report}
 */
export function readPlaywrightReport(path) {
  if (!existsSync(path)) return NO_REPORT;
  const { stats, suites } =
    /** @type {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, suites: PlaywrightSuite[] }} */ (
      readJson(path)
    );
  const resultsOf = (/** @type {PlaywrightSpec} */ { tests }) => tests.flatMap(({ results }) => results);
  return {
    counts: { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped },
    times: suites.map((suite) => ({
      file: suite.file,
      seconds: specsOf(suite)
        .flatMap(resultsOf)
        .reduce((sum, { duration }) => sum + duration / 1000, 0),
    })),
    failures: suites.flatMap((suite) =>
      specsOf(suite)
        .filter(({ tests }) => tests.some(({ status }) => status === 'unexpected' || status === 'flaky'))
        .map((spec) => ({
          file: suite.file,
          test: spec.title,
          message: resultsOf(spec)
            .flatMap(({ errors }) => errors.map(({ message = '' }) => message))
            .join('\n'),
        })),
    ),
  };
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {PlaywrightSpec[]}
 */
function specsOf({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsOf)];
}

/**
 * Whether a part has passed: its command ended with 0 and, where tests are counted, at least one ran and none was
 * skipped.
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
    const row =
      `  ${ok ? 'ok    ' : 'FAILED'}  ${title.padEnd(width)}  ${`${seconds.toFixed(1)} s`.padStart(8)}  ${tests}`.trimEnd();
    return [
      row,
      ...slowest.map(
        (time) => `  ${' '.repeat(width + 8)}  ${`${time.seconds.toFixed(1)} s`.padStart(8)}    ${time.file}`,
      ),
    ];
  });
  const failures = outcomes.flatMap((outcome) =>
    (outcome.failures ?? []).slice(0, TOLD_FAILURES).flatMap(failureLines),
  );
  const failed = outcomes.filter(({ ok }) => !ok);
  return [
    '',
    ...failures,
    ...rows,
    '',
    failed.length === 0
      ? 'All is well.'
      : `Failed: ${failed.map(({ title }) => title).join(', ')}. A skipped test counts as a failure.`,
  ];
}

/**
 * @param {Failure} failure
 * @returns {string[]} lines without colours
 */
function failureLines({ file, test, message }) {
  const lines = stripVTControlCharacters(message).trimEnd().split('\n').slice(0, TOLD_LINES);
  return [`FAILED  ${file}${test === '' ? '' : ` › ${test}`}`, ...lines.map((line) => `    ${line}`), ''];
}
