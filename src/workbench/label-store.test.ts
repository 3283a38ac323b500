import { beforeEach, expect, test, vi } from 'vitest';
import {
  judgement,
  isLabelsKey,
  loadOwn,
  loadUnanswered,
  NONE,
  saveOwn,
  saveUnanswered,
  withClicks,
  withImported,
  withMark,
  without,
  withoutQuery,
} from './label-store.ts';

const saved = new Map<string, string>();
const storage = {
  getItem: (key: string): string | null => saved.get(key) ?? null,
  setItem: (key: string, value: string): void => void saved.set(key, value),
  removeItem: (key: string): void => void saved.delete(key),
};
beforeEach(() => {
  saved.clear();
  vi.stubGlobal('localStorage', storage);
});

const FILE = [
  {
    qid: '7',
    instruction: 'i',
    query: 'from a  file',
    labels: [
      { id: 'a', score: 2 },
      { id: 'b', score: 0 },
    ],
  },
];
const CLICKS = ['s', 't'].map((source) => ({ query: 'clicked', passageId: 'c', rank: 3, source, atMs: 5 }));
const marked = withMark(NONE, { query: ' how  far', passageId: 'a', relevant: true, atMs: 1 });
const everything = withClicks(withImported(marked, FILE), CLICKS);

test('stored labels are read back unchanged, for their own index only', () => {
  expect(saveOwn('x', everything)).toBe(true);
  expect(loadOwn('x').queries).toEqual(everything.queries);
  expect(loadOwn('x').clicks).toEqual(CLICKS);
  expect(loadOwn('y')).toBe(NONE);
  saveOwn('x', NONE);
  expect(saved.size).toBe(0);
});

test.each(['', '{', 'null', '{"marks":[{}],"imported":"","clicks":""}', '{"marks":[],"imported":"{","clicks":""}'])(
  'what cannot be read is nothing: %s',
  (text) => {
    saved.set('era-search:labels:x', text);
    expect(loadOwn('x')).toBe(NONE);
  },
);

test('labels that an earlier release stored are read under their old keys and moved with the next change', () => {
  const site = 'https://example.org/docs/era-search/';
  saved.set(`era-search:owner:labels:${site}`, FILE.map((query) => `${JSON.stringify(query)}\n`).join(''));
  expect(loadOwn(site).queries).toEqual(FILE);
  const task = 'http://localhost:8080/indexes/A%20Task/';
  saveOwn('A Task', marked);
  expect(loadOwn(task).queries).toEqual(marked.queries);
  saveOwn(task, loadOwn(task));
  saveOwn(site, loadOwn(site));
  expect([...saved.keys()].sort()).toEqual([`era-search:labels:${task}`, `era-search:labels:${site}`].sort());
  expect(loadOwn(site).queries).toEqual(FILE);
});

test('an address with a % that begins no code is accepted', () => {
  const task = 'http://localhost:8080/indexes/100%/';
  expect(saveOwn(task, marked)).toBe(true);
  expect(loadOwn(task).queries).toEqual(marked.queries);
});

test('queries without a word are stored beside the labels; changes of other keys are ignored', () => {
  saveUnanswered('x', ['a b', 'c']);
  expect(loadUnanswered('x')).toEqual(['a b', 'c']);
  expect(isLabelsKey('x', [...saved.keys()][0]!)).toBe(false);
  saveUnanswered('x', []);
  expect(saved.size).toBe(0);
  saveOwn('x', marked);
  expect([...saved.keys(), null].map((key) => isLabelsKey('x', key))).toEqual([true, true]);
  vi.stubGlobal('localStorage', undefined);
  expect(loadUnanswered('x')).toEqual([]);
  saveUnanswered('x', ['a']);
});

test('a browser that stores nothing is reported', () => {
  vi.stubGlobal('localStorage', {
    ...storage,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  expect(saveOwn('x', marked)).toBe(false);
});

test('a judgement is found however the query is spaced, and the last one counts', () => {
  const again = withMark(marked, { query: 'how far', passageId: 'a', relevant: false, atMs: 0 });
  expect(judgement(marked, 'how far ').get('a')).toBe(true);
  expect(judgement(again, 'how far').get('a')).toBe(false);
  expect(again.marks).toHaveLength(1);
  expect(judgement(everything, 'clicked').get('c')).toBe(true);
  expect(judgement(everything, 'another').size).toBe(0);
});

test('judgements of one passage or of a whole query can be removed, whatever their source', () => {
  expect(judgement(without(everything, { query: 'from a file', passageId: 'a' }), 'from a file')).toEqual(
    new Map([['b', false]]),
  );
  expect(withoutQuery(everything, 'clicked').clicks).toEqual([]);
  const all = ['how far', 'from a file', 'clicked'].reduce(withoutQuery, everything);
  expect(all.queries).toEqual([]);
});

test('the same file or log imported twice counts once', () => {
  const twice = withClicks(withImported(everything, FILE), CLICKS);
  expect(twice.queries).toEqual(everything.queries);
  expect(twice.clicks).toHaveLength(2);
});
