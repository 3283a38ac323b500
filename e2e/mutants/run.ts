// Puts one mutant after another into a copy of the working tree and runs the tests of its room there. A mutant that no
// test notices is a fault that the suites would let through.
//   npm run mutants [-- ROOM or ROOM/ID …]
// Tests first run without a mutant, and have to be green. They have several times as long with one: a mutant that makes
// them hang is ended and counts as killed, which is said. Exit code 1 where a named mutant survives, or, of all
// seeded ones, more than three of sixty.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../src/node/setup/setup-error.mjs';
import type { Script } from '../../src/node/setup/script.mjs';
import { copyTree } from './copy.ts';
import { MUTANTS } from './list.ts';
import { mutated, ROOMS, type Mutant, type Room } from './mutant.ts';
import { nameOf, runTests, testsOf, type Tests } from './suites.ts';

/** Share of the seeded mutants that must be killed. */
const LEAST_KILLED = 57 / 60;
/** Limit of a run without a mutant, and what a run with one may take: a multiple of it, and longer than one test may take. */
const GREEN_MS = 20 * 60_000;
const TIMES = 3;
const MORE_MS = 4 * 60_000;

type Verdict = 'killed' | 'killed by time' | 'survived';

interface Result {
  readonly room: Room;
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** @returns exit code */
export async function runMutants(names: readonly string[], script: Script): Promise<number> {
  const { say } = script;
  const chosen = choose(names);
  // An error in the list ends it before anything runs.
  for (const { room, mutant } of chosen) mutated(mutant, textOf(script.root, room, mutant));
  const copy = copyTree(script.root);
  const there: Script = { ...script, root: copy, say: () => undefined };
  try {
    const results: Result[] = [];
    const limits: Limits = new Map();
    for (const room of ROOMS) {
      const own = chosen.filter((one) => one.room === room);
      if (own.length === 0) continue;
      for (const { mutant } of own)
        results.push({ room, mutant, verdict: await judge(room, mutant, limits, there, say) });
    }
    for (const line of tableOf(results)) say(line);
    return isEnough(results) ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

interface Chosen {
  readonly room: Room;
  readonly mutant: Mutant;
}

/** @throws SetupError `usage` for a name that nothing has */
function choose(names: readonly string[]): Chosen[] {
  const all = ROOMS.flatMap((room) => MUTANTS[room].map((mutant) => ({ room, mutant })));
  const isNamed = (name: string, { room, mutant }: Chosen): boolean => name === room || name === `${room}/${mutant.id}`;
  const unknown = names.find((name) => !all.some((one) => isNamed(name, one)));
  if (unknown !== undefined)
    throw new SetupError('usage', `There is no mutant ${unknown}: name a room (${ROOMS.join(', ')}) or ROOM/ID.`);
  return names.length === 0 ? all : all.filter((one) => names.some((name) => isNamed(name, one)));
}

/** Tests → what a run with a mutant may take, in milliseconds. */
type Limits = Map<string, number>;

/** Runs tests without a mutant, once. @throws Error where they are not green */
async function greenLimit(tests: Tests, script: Script, say: Script['say'], limits: Limits): Promise<number> {
  const known = limits.get(nameOf(tests));
  if (known !== undefined) return known;
  const { isGreen, seconds, failure, output } = await runTests(tests, script, GREEN_MS);
  if (!isGreen)
    throw new Error(`Without a mutant these are not green, ${nameOf(tests)}: ${failure}\n${output.slice(-4000)}`);
  const limitMs = seconds * 1000 * TIMES + MORE_MS;
  limits.set(nameOf(tests), limitMs);
  say(`green after ${seconds.toFixed(1)} s: ${nameOf(tests)}`);
  return limitMs;
}

async function judge(room: Room, mutant: Mutant, limits: Limits, script: Script, say: Script['say']): Promise<Verdict> {
  const path = join(script.root, 'src', room, mutant.file);
  const before = textOf(script.root, room, mutant);
  const tell = (verdict: Verdict, why: string): Verdict => {
    say(`  ${verdict.padEnd(14)}  ${room}/${mutant.id}${mutant.isNamed ? ' (named)' : ''}  ${why}`.trimEnd());
    return verdict;
  };
  for (const tests of testsOf(script.root, room, mutant.file)) {
    const limitMs = await greenLimit(tests, script, say, limits);
    writeFileSync(path, mutated(mutant, before));
    try {
      const { isGreen, isLate, seconds, failure, output } = await runTests(tests, script, limitMs);
      if (isLate) return tell('killed by time', `${nameOf(tests)}, after ${seconds.toFixed(0)} s`);
      if (!isGreen) return tell('killed', failure || `${nameOf(tests)}: ${output.trim().slice(-300)}`);
    } finally {
      writeFileSync(path, before);
    }
  }
  return tell('survived', mutant.breaks);
}

function textOf(root: string, room: Room, { file }: Mutant): string {
  return readFileSync(join(root, 'src', room, file), 'utf8');
}

/** Killed of seeded and of named ones, by room. */
function tableOf(results: readonly Result[]): string[] {
  const cell = (own: readonly Result[]): string => `${own.length - survivorsOf(own).length} of ${own.length}`;
  const row = (title: string, own: readonly Result[]): string => {
    const late = own.filter(({ verdict }) => verdict === 'killed by time').length;
    const [seeded, named] = [own.filter(({ mutant }) => !mutant.isNamed), own.filter(({ mutant }) => mutant.isNamed)];
    return `| ${title} | ${cell(seeded)} | ${named.length === 0 ? '–' : cell(named)} | ${late} |`;
  };
  const rooms = ROOMS.map((room) => [room, results.filter((one) => one.room === room)] as const);
  return [
    '',
    '| room | seeded mutants killed | named ones killed | of these by time |',
    '|---|---|---|---|',
    ...rooms.filter(([, own]) => own.length > 0).map(([room, own]) => row(`\`${room}\``, own)),
    row('all', results),
    ...survivorsOf(results).map(({ room, mutant }) => `survived: ${room}/${mutant.id}: ${mutant.breaks}`),
  ];
}

function survivorsOf(results: readonly Result[]): Result[] {
  return results.filter(({ verdict }) => verdict === 'survived');
}

function isEnough(results: readonly Result[]): boolean {
  const survivors = survivorsOf(results);
  const seeded = results.filter(({ mutant }) => !mutant.isNamed).length;
  const seededSurvivors = survivors.filter(({ mutant }) => !mutant.isNamed).length;
  return survivors.length === seededSurvivors && seeded - seededSurvivors >= LEAST_KILLED * seeded;
}
