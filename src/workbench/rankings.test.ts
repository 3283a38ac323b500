import { expect, test } from 'vitest';
import type { Answer, PageHit, QueryPath, SlotInfo } from '../index.ts';
import { isWithoutWords, movesOf, placesOf, rankings, shownPath } from './rankings.ts';
import type { Comparison } from './state.ts';

const slot = (path: QueryPath, stage: 'aligned' | 'adapted', trainer: SlotInfo['trainer'] = 'closed-form'): SlotInfo =>
  ({ path, stage, trainer }) as SlotInfo;
const namesOf = (
  compare: Comparison,
  path: QueryPath | undefined,
  adapters: readonly SlotInfo[],
  readsWithoutModel = false,
): string[] =>
  rankings({ compare, path, status: { adapters, info: { readsWithoutModel } } }).map(
    ({ name, mode, path: of, stage, trainer, against }) =>
      [name, mode, of ?? 'any', stage, trainer ?? '-', against ?? '-'].join(' '),
  );

test.each<[string, Comparison, QueryPath | undefined, readonly SlotInfo[], readonly string[]]>([
  [
    'modes of a collection that has learned nothing',
    'modes',
    undefined,
    [],
    ['best hybrid any best - -', 'keyword keyword any none - -', 'dense dense any best - -'],
  ],
  [
    'modes, with an adapter in use',
    'modes',
    'local',
    [slot('local', 'adapted')],
    [
      'best hybrid local best - plain',
      'plain hybrid local none - -',
      'keyword keyword any none - -',
      'dense dense local best - -',
    ],
  ],
  [
    'stages of the chosen path, by vectors alone',
    'dense-stages',
    'local',
    [slot('local', 'aligned'), slot('both', 'adapted')],
    ['plain dense local none - -', 'aligned dense local aligned closed-form plain'],
  ],
  [
    'stages of the best path, words and all',
    'hybrid-stages',
    undefined,
    [slot('local', 'aligned'), slot('both', 'aligned'), slot('both', 'adapted')],
    [
      'plain hybrid local none - -',
      'aligned hybrid both aligned closed-form plain',
      'adapted hybrid both adapted closed-form plain',
    ],
  ],
  [
    'ERA beside them, its last stage alone',
    'dense-stages',
    'both',
    [slot('remote', 'aligned', 'era'), slot('remote', 'adapted', 'era')],
    ['plain dense local none - -', 'era dense remote adapted era plain'],
  ],
])('%s', (_, compare, path, adapters, columns) => {
  expect(namesOf(compare, path, adapters)).toEqual(columns);
});

test('a collection that is read without a model has a column for that', () => {
  expect(namesOf('modes', undefined, [], true)).toEqual([
    'best hybrid any best - -',
    'table hybrid static best - best',
    'keyword keyword any none - -',
    'dense dense any best - -',
  ]);
  expect(namesOf('modes', 'static', [], true)).toEqual(namesOf('modes', 'static', [], false));
  expect(namesOf('dense-stages', 'static', [slot('static', 'adapted')], true)).toEqual([
    'plain dense static none - -',
    'adapted dense static adapted closed-form plain',
  ]);
});

test('without a choice the best path that has an adapter is shown, else the small model', () => {
  expect(
    shownPath({ path: undefined, status: { adapters: [slot('local', 'adapted'), slot('remote', 'aligned')] } }),
  ).toBe('remote');
  expect(shownPath({ path: undefined, status: { adapters: [slot('remote', 'aligned', 'era')] } })).toBe('local');
  expect(shownPath({ path: 'both', status: { adapters: [] } })).toBe('both');
});

const answer = (ranking: Answer['source']['ranking'], ...pages: readonly number[]): Answer => ({
  query: 'q',
  isLast: true,
  pages: pages.map((page) => ({ page }) as PageHit),
  total: pages.length,
  filters: {},
  corrections: [],
  confidence: null,
  isDoubtful: false,
  source: { ranking, vector: 'local', path: 'local', stage: 'none', trainer: null, index: 'store' },
  timings: { keywordMs: 0, vectorMs: 0, scanMs: 0, totalMs: 0 },
});

test('pages have ranks; an answer by keywords alone tells whether a word matched', () => {
  expect([...placesOf(answer('hybrid', 3, 1))]).toEqual([
    [3, 1],
    [1, 2],
  ]);
  expect(isWithoutWords([answer('hybrid', 3), null, answer('keyword')])).toBe(true);
  expect(isWithoutWords([answer('keyword', 3)])).toBe(false);
  expect(isWithoutWords([answer('hybrid', 3), answer('dense')])).toBe(null);
});

test('moves of pages between two answers, those that are gone last', () => {
  const answer = (...pages: readonly number[]): Answer =>
    ({
      pages: pages.map((page) => ({ page, title: page === 9 ? '' : `Page ${String(page)}`, url: 'nine' })),
    }) as unknown as Answer;
  expect(movesOf(answer(1, 2, 3, 4), answer(3, 2, 9, 1))).toEqual([
    { name: 'Page 3', was: 3, now: 1 },
    { name: 'nine', was: null, now: 3 },
    { name: 'Page 1', was: 1, now: 4 },
    { name: 'Page 4', was: 4, now: null },
  ]);
  expect(movesOf(answer(1, 2), answer(1, 2))).toEqual([]);
});
