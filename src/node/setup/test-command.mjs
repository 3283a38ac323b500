// npm test: prepares what is missing, then runs every check to its end and prints a summary. Nothing is retried.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { writeDeclarations } from './declarations.mjs';
import { prepareDemoIndexes } from './demo-indexes.mjs';
import { install } from './install.mjs';
import { parseTestOptions, TEST_HELP } from './options.mjs';
import { provideChromium } from './provide-chromium.mjs';
import { provideEngines } from './provide-engines.mjs';
import { writeReferenceOptions } from './reference.mjs';
import { runTool, toolPath } from './run-tool.mjs';
import { isGood, readPlaywrightReport, readVitestReport, summaryLines } from './test-summary.mjs';

const BUILDS = /** @type {const} */ (['playground', 'node', 'library', 'site']);
const TYPE_PROJECTS = [
  'tsconfig.json',
  'src/tsconfig.pure.json',
  'workers/tsconfig.json',
  'src/node/tsconfig.json',
  'e2e/tsconfig.json',
  'examples/tsconfig.json',
];
/** The demo corpora that the specs search; embedding the others too would take minutes. */
const SPECS_CORPORA = ['HumanEval-X'];
const LINT_ARGS = ['-c', '.eslint.config.js', '--max-warnings', '0'];
const LINTED = ['src', 'workers', 'e2e', 'vite.config.ts'];

/** Report files of the runners, below the root. */
const REPORTS = {
  node: 'test-results/node.json',
  chromium: 'test-results/chromium.json',
  e2e: 'test-results/e2e.json',
  browsers: 'test-results/browsers.json',
};

/**
 * @param {string[]} args
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<number>} exit code
 */
export async function test(args, script) {
  const { parts, names, fix, help } = parseTestOptions(args);
  const { root, say, signal } = script;
  if (help) {
    say(TEST_HELP);
    return 0;
  }
  /** @param {import('./options.mjs').TestPart[]} wanted */
  const wants = (...wanted) => wanted.some((name) => parts.includes(name));

  await install(script);
  const browser = wants('node', 'chromium', 'e2e', 'browsers') ? await provideChromium(script) : null;
  const env = browser === null ? {} : { CHROMIUM_PATH: browser };
  /** @type {import('./test-summary.mjs').Outcome[]} */
  const outcomes = [];
  /**
   * @param {string} title
   * @param {[packageName: string, command: string | undefined, ...args: string[]]} tool
   * @param {() => import('./test-summary.mjs').Report} [readReport]
   */
  const check = async (title, [packageName, command, ...toolArgs], readReport) => {
    const counted = readReport !== undefined;
    if (counted) say(`\n${title}`);
    const startMs = performance.now();
    const { code, output } = await runTool(process.execPath, [toolPath(root, packageName, command), ...toolArgs], {
      cwd: root,
      signal,
      env,
      capture: !counted,
    });
    // others run at the same time, so the output of each is shown as a whole when it ends
    if (!counted) say(`\n${title}\n${output.trim()}`.trimEnd());
    const report = readReport?.();
    outcomes.push({
      title,
      ok: isGood(code, report?.counts),
      seconds: (performance.now() - startMs) / 1000,
      ...report,
    });
  };
  for (const report of Object.values(REPORTS)) rmSync(join(root, report), { force: true });

  const lint = async () => {
    if (!wants('lint')) return;
    await check('Format', [
      'prettier',
      undefined,
      fix ? '--write' : '--check',
      '--log-level',
      'warn',
      ...(names.length > 0 ? names : ['.']),
    ]);
    await check('Lint', [
      'eslint',
      undefined,
      ...LINT_ARGS,
      ...(fix ? ['--fix'] : []),
      ...(names.length > 0 ? names : LINTED),
    ]);
  };
  const typesAndBuilds = async () => {
    if (wants('types')) {
      const chosen = TYPE_PROJECTS.filter((project) => names.some((name) => project.startsWith(name)));
      for (const project of chosen.length > 0 ? chosen : TYPE_PROJECTS)
        await check(`Types of ${project}`, ['typescript', 'tsc', '-p', project]);
      if (names.length === 0)
        await check('API reference', ['typedoc', undefined, '--options', writeReferenceOptions(root)]);
    }
    if (wants('node', 'e2e', 'browsers')) for (const name of BUILDS) await build(name, script);
    if (wants('node')) await writeDeclarations(script);
  };
  await together(lint(), typesAndBuilds()); // each of these uses one core
  /**
   * @param {string} title
   * @param {'node' | 'chromium' | 'browsers'} project of vite.config.ts
   * @param {readonly string[]} files
   */
  const vitest = (title, project, files) => {
    const report = REPORTS[project];
    const reporters = ['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${report}`];
    return check(
      title,
      ['vitest', undefined, 'run', '--mode', 'test', '--project', project, ...reporters, ...files],
      () => readVitestReport(join(root, report), root),
    );
  };
  if (wants('node')) await vitest('Node tests', 'node', names);
  if (wants('chromium')) await vitest('Browser tests', 'chromium', names);
  if (wants('e2e')) {
    await prepareDemoIndexes(script, SPECS_CORPORA);
    await check('Specs', ['playwright', undefined, 'test', '-c', 'e2e', ...names], () =>
      readPlaywrightReport(join(root, REPORTS.e2e)),
    );
  }
  /** @type {string[]} */
  let absent = [];
  if (wants('browsers')) {
    const engines = await provideEngines(script);
    absent = engines.absent;
    // the specs run what the flows do in Chromium
    const engineNames = [...(wants('e2e') ? [] : ['chromium']), ...engines.found];
    const files = names.length > 0 ? names : engineNames.map((name) => `e2e/browsers/${name}.test.ts`);
    if (files.length > 0) await vitest('Flows by browser', 'browsers', files);
  }
  for (const line of [...summaryLines(outcomes), ...absent]) say(line);
  return outcomes.every(({ ok }) => ok) ? 0 : 1;
}

/**
 * Waits for all, so that nothing is left running, then throws the first failure in their order.
 * @param {Promise<void>[]} all
 */
async function together(...all) {
  for (const result of await Promise.allSettled(all)) if (result.status === 'rejected') throw result.reason;
}
