// Faults that are too slow, or too random, for `npm test`: each is a command of its own, and all of them take hours.
//   npm run faults [-- NAME …] [--seed N]
// The seed is printed, and repeats the run. docs/reliability.md has the promises and the results.

import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  allowPositionals: true,
  options: { seed: { type: 'string', default: String(Date.now() % 2 ** 31) } },
});
const { seed } = values;
/** @param {string} name @param {...string} options */
const bench = (name, ...options) => ['node', 'e2e/bench/run.mjs', name, ...options];
/** @param {...string} names */
const nodeTests = (...names) => ['npx', 'vitest', 'run', '--mode', 'test', '--project', 'node', ...names];

/** Name → command; the environment of all has the seed. */
const COMMANDS = /** @type {const} */ ({
  // every damaged file of a collection, adapter or store, every number of a header, any JSON of an API
  fuzz: nodeTests('src/format', 'src/store', 'src/transfer', 'src/query', 'src/search', 'src/adapter', 'src/analysis'),
  // any calls in any order, under any faults of the workers
  sequences: nodeTests('src/engine/sequences.test.ts'),
  'browser-sequences': ['npm', 'run', '--silent', 'test:browser', '--', 'src/engine/sequences.browser.test.ts'],
  kills: bench('kills', '--kills', '60', '--seed', seed),
  'index-kills': bench('index-memory', '--pages', '1000,10000', '--kills', '10', '--seed', seed),
  soak: bench('soak', '--minutes', '120', '--seed', seed),
  'serve-load': bench('serve-load', '--seed', seed),
  browsers: ['npm', 'run', '--silent', 'test:browsers'],
  mutants: ['npm', 'run', '--silent', 'mutants'],
});

const names = positionals.length > 0 ? positionals : Object.keys(COMMANDS);
const unknown = names.filter((name) => !Object.hasOwn(COMMANDS, name));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(', ')}; there are ${Object.keys(COMMANDS).join(', ')}.`);

/** @type {string[]} */
const results = [];
for (const name of names) {
  const [program, ...args] = COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)];
  console.log(`\n${name}, seed ${seed}: ${[program, ...args].join(' ')}`);
  const startMs = performance.now();
  const child = spawn(/** @type {string} */ (program), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_SEED: seed, ERA_SEQUENCES: '20000', ERA_BROWSER_SEQUENCES: '300' },
  });
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (code !== 0) process.exitCode = 1;
  results.push(
    `${code === 0 ? 'held' : 'FAILED'}  ${name}, ${((performance.now() - startMs) / 60_000).toFixed(1)} min`,
  );
}
console.log(`\nseed ${seed}\n${results.join('\n')}`);
