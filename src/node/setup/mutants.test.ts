// The list of mutants (e2e/mutants): each still fits the file that it changes, and what it leaves is TypeScript.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { MUTANTS } from '../../../e2e/mutants/list.ts';
import { mutated, ROOMS } from '../../../e2e/mutants/mutant.ts';
import { repositoryRoot } from './script.mjs';

const all = ROOMS.flatMap((room) => MUTANTS[room].map((mutant) => ({ room, mutant })));

/** TypeScript keeps them on the tree that it has read, and gives them out through a whole program only, which takes seconds. */
function syntaxErrors(text: string): readonly unknown[] {
  const tree = ts.createSourceFile('mutant.ts', text, ts.ScriptTarget.ES2022) as unknown as {
    readonly parseDiagnostics: readonly { readonly messageText: unknown }[];
  };
  return tree.parseDiagnostics.map(({ messageText }) => messageText);
}

test('every mutant fits its file once and leaves what can be compiled', () => {
  for (const { room, mutant } of all) {
    const text = mutated(mutant, readFileSync(join(repositoryRoot, 'src', room, mutant.file), 'utf8'));
    expect(syntaxErrors(text), `${room}/${mutant.id}`).toEqual([]);
  }
});

test('there are sixty seeded ones, spread over the rooms, and each has a name of its own', () => {
  const seeded = ROOMS.map((room) => MUTANTS[room].filter(({ isNamed }) => !isNamed).length);
  expect(seeded.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(60);
  expect(Math.min(...seeded)).toBeGreaterThanOrEqual(8);
  expect(new Set(all.map(({ room, mutant }) => `${room}/${mutant.id}`)).size).toBe(all.length);
});

test('what does not fit is an error', () => {
  const fault = { file: 'x.ts', find: 'a + b', replace: 'a - b' };
  expect(mutated(fault, 'c = a + b;')).toBe('c = a - b;');
  expect(mutated({ ...fault, replace: '$& c' }, 'a + b')).toBe('$& c');
  expect(syntaxErrors('c = a +;')).not.toEqual([]);
  for (const text of ['c = a - b;', 'a + b + a + b']) expect(() => mutated(fault, text)).toThrow('not once');
  expect(() => mutated({ ...fault, replace: 'a + b' }, 'a + b')).toThrow('Nothing changes');
});
