// The tests of a room, in the order in which they are asked about a mutant: the quickest first.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from '../../src/node/setup/build.mjs';
import { chromiumCandidates, thisMachine } from '../../src/node/setup/find-chromium.mjs';
import { runTool, toolPath } from '../../src/node/setup/run-tool.mjs';
import type { Script } from '../../src/node/setup/script.mjs';
import { isGood, readPlaywrightReport, readVitestReport, type Report } from '../../src/node/setup/test-summary.mjs';
import type { Room } from './mutant.ts';

export type Suite = 'node' | 'chromium' | 'specs';

export const SUITES: Readonly<Record<Room, readonly Suite[]>> = {
  store: ['node', 'chromium'],
  rpc: ['node', 'chromium'],
  transfer: ['node', 'chromium'],
  scan: ['node', 'chromium'],
  query: ['node'],
  adapter: ['node'],
  widget: ['node', 'specs'],
};

/** Specs of the room, as Playwright takes them. */
const SPECS = 'site-element';
/** Limit of one test, so that one that waits for what does not come fails instead of hanging. */
const TEST_MS = 60_000;

export interface Outcome {
  /** All tests passed, and none was skipped. */
  readonly isGreen: boolean;
  readonly isLate: boolean;
  readonly seconds: number;
  /** The first failure; empty where there was none, or no report. */
  readonly failure: string;
  readonly output: string;
}

/** @param limitMs the run is ended after it */
export async function runSuite(room: Room, suite: Suite, script: Script, limitMs: number): Promise<Outcome> {
  const { root, signal } = script;
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  const report = join(root, 'test-results', suite === 'specs' ? 'e2e.json' : 'vitest.json');
  rmSync(report, { force: true });
  if (suite === 'specs') {
    try {
      for (const name of ['site', 'node'] as const) await build(name, script);
    } catch (error) {
      signal.throwIfAborted();
      return { isGreen: false, isLate: false, seconds: seconds(), failure: 'the build', output: String(error) };
    }
  }
  const { code, output } = await runTool(process.execPath, argumentsOf(room, suite, root, report), {
    cwd: root,
    signal,
    env: { CHROMIUM_PATH: chromiumCandidates(thisMachine())[0] ?? '' },
    capture: true,
    timeoutMs: limitMs,
  });
  const isLate = seconds() * 1000 >= limitMs;
  const { counts, failures } = readReport(suite, report, root);
  const [first] = failures;
  return {
    isGreen: isGood(code, counts),
    isLate,
    seconds: seconds(),
    failure: first ? `${first.file}${first.test === '' ? '' : `: ${first.test}`}` : '',
    output,
  };
}

function argumentsOf(room: Room, suite: Suite, root: string, report: string): string[] {
  return suite === 'specs'
    ? [
        toolPath(root, '@playwright/test', 'playwright'),
        ...['test', '-c', 'e2e', '--max-failures', '1', '--timeout', String(TEST_MS), SPECS],
      ]
    : [
        toolPath(root, 'vitest'),
        ...['run', '--mode', 'test', '--project', suite, '--bail', '1', '--testTimeout', String(TEST_MS)],
        ...['--reporter', 'json', `--outputFile.json=${report}`, `src/${room}/`],
      ];
}

function readReport(suite: Suite, path: string, root: string): Report {
  try {
    return suite === 'specs' ? readPlaywrightReport(path) : readVitestReport(path, root);
  } catch {
    return { counts: null, times: [], failures: [] };
  }
}
