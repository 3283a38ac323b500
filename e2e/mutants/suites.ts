// The tests of a room, in the order in which they are asked about a mutant: the quickest first.

import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { build } from '../../src/node/setup/build.mjs';
import { chromiumCandidates, thisMachine } from '../../src/node/setup/find-chromium.mjs';
import { runTool, toolPath } from '../../src/node/setup/run-tool.mjs';
import type { Script } from '../../src/node/setup/script.mjs';
import { isGood, readPlaywrightReport, readVitestReport, type Report } from '../../src/node/setup/test-summary.mjs';
import type { Room } from './mutant.ts';

export interface Tests {
  /** A project of Vitest, or the specs. */
  readonly by: 'node' | 'chromium' | 'specs';
  /** Paths below the root, or how they begin; for specs a part of the name. */
  readonly paths: readonly string[];
}

const IN_CHROMIUM: readonly Room[] = ['store', 'rpc', 'transfer', 'scan'];
/** Of the element: those of keys, focus and screen readers, and those of the page around it. */
const SPECS: Readonly<Partial<Record<Room, readonly string[]>>> = {
  widget: ['site-element-access', 'site-element-page'],
};

/** Limit of one test, so that one that waits for what does not come fails instead of hanging. */
const TEST_MS = { node: 180_000, chromium: 180_000, specs: 300_000 };

export interface Outcome {
  /** All tests passed, and none was skipped. */
  readonly isGreen: boolean;
  readonly isLate: boolean;
  readonly seconds: number;
  /** The first failure; empty where there was none, or no report. */
  readonly failure: string;
  readonly output: string;
}

/** Those beside the file, all of the room in Node, then those in a browser. */
export function testsOf(root: string, room: Room, file: string): readonly Tests[] {
  const beside = testsBeside(root, room, file);
  const specs = SPECS[room];
  return [
    ...(beside.length > 0 ? [{ by: 'node', paths: beside } as const] : []),
    { by: 'node', paths: [`src/${room}/`] },
    ...(IN_CHROMIUM.includes(room) ? [{ by: 'chromium', paths: [`src/${room}/`] } as const] : []),
    ...(specs ? [{ by: 'specs', paths: specs } as const] : []),
  ];
}

/** `x.test.ts` and `x.y.test.ts` for `x.ts`. */
function testsBeside(root: string, room: Room, file: string): string[] {
  const path = `src/${room}/${file}`;
  return readdirSync(join(root, dirname(path)))
    .filter((name) => name.startsWith(`${basename(path, '.ts')}.`) && /(?<!\.browser)\.test\.ts$/.test(name))
    .map((name) => `${dirname(path)}/${name}`);
}

export function nameOf({ by, paths }: Tests): string {
  return `${by} ${paths.join(' ')}`;
}

/** @param limitMs the run is ended after it */
export async function runTests({ by, paths }: Tests, script: Script, limitMs: number): Promise<Outcome> {
  const { root, signal } = script;
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  const report = join(root, 'test-results', by === 'specs' ? 'e2e.json' : 'vitest.json');
  rmSync(report, { force: true });
  if (by === 'specs') {
    try {
      for (const name of ['site', 'node'] as const) await build(name, script);
    } catch (error) {
      signal.throwIfAborted();
      return { isGreen: false, isLate: false, seconds: seconds(), failure: 'the build', output: String(error) };
    }
  }
  const limit = String(TEST_MS[by]);
  const tool =
    by === 'specs'
      ? [
          toolPath(root, '@playwright/test', 'playwright'),
          'test',
          '-c',
          'e2e',
          '--max-failures',
          '1',
          '--timeout',
          limit,
        ]
      : [
          ...[
            toolPath(root, 'vitest'),
            'run',
            '--mode',
            'test',
            '--project',
            by,
            '--bail',
            '1',
            '--testTimeout',
            limit,
          ],
          ...['--reporter', 'json', `--outputFile.json=${report}`],
        ];
  const { code, output } = await runTool(process.execPath, [...tool, ...paths], {
    cwd: root,
    signal,
    env: { CHROMIUM_PATH: chromiumCandidates(thisMachine())[0] ?? '' },
    capture: true,
    timeoutMs: limitMs,
  });
  const isLate = seconds() * 1000 >= limitMs;
  const { counts, failures } = readReport(by, report, root);
  const [first] = failures;
  return {
    isGreen: isGood(code, counts),
    isLate,
    seconds: seconds(),
    failure: first ? `${first.file}${first.test === '' ? '' : `: ${first.test}`}` : '',
    output,
  };
}

/** That of a run that was ended may be cut short. */
function readReport(by: Tests['by'], path: string, root: string): Report {
  try {
    return by === 'specs' ? readPlaywrightReport(path) : readVitestReport(path, root);
  } catch {
    return { counts: null, times: [], failures: [] };
  }
}
