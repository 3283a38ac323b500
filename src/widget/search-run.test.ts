import { beforeEach, expect, test, vi } from 'vitest';
import { EraError, type Answer, type SearchOptions } from '../index.ts';
import { streamOf } from '../engine/stream.ts';
import { page } from './page-hit.fixture.ts';
import { SearchRun } from './search-run.ts';

interface Asked {
  readonly text: string;
  readonly options: SearchOptions;
  readonly answer: (urls: string) => void;
  readonly keyword: (urls: string) => void;
  readonly fail: (error: unknown) => void;
}

const answerOf = (query: string, letters: string, isLast: boolean): Answer => ({
  query,
  isLast,
  pages: letters.split('').map((letter) => page(`https://site.test/${letter}`)),
  total: letters.length,
  filters: {},
  source: { ranking: 'keyword', vector: 'none', path: null, stage: 'none', trainer: null, index: 'network' },
  corrections: [],
  confidence: null,
  isDoubtful: false,
  timings: { keywordMs: 0, vectorMs: 0, scanMs: 0, totalMs: 0 },
});

let asked: Asked[];
let isTouched: boolean;
let run: SearchRun;
const answered = vi.fn();
const failed = vi.fn();
const shown = (): string => run.pages.map(({ url }) => url?.at(-1)).join('');
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  asked = [];
  isTouched = false;
  answered.mockClear();
  failed.mockClear();
  run = new SearchRun({
    ask: (text, options) => {
      const told: Answer[] = [];
      let tell = (answer: Answer): void => void told.push(answer);
      const over = new Promise<void>((resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
        const answer = (letters: string): void => {
          tell(answerOf(text, letters, true));
          resolve();
        };
        asked.push({ text, options, answer, keyword: (letters) => tell(answerOf(text, letters, false)), fail: reject });
      });
      over.catch(() => undefined);
      const answers = streamOf<Answer>((given) => {
        told.forEach(given);
        tell = given;
        return over;
      });
      return Promise.resolve(answers);
    },
    defaultFilters: () => ({ version: ['2', ''] }),
    isTouched: () => isTouched,
    changed: () => undefined,
    answered,
    failed,
  });
});

test('the keyword answer is shown, then the better one', async () => {
  const last = run.ask('q');
  expect(run.isBusy).toBe(true);
  asked[0]!.keyword('ab');
  await settle();
  expect([shown(), run.isBusy, run.isImproving]).toEqual(['ab', false, true]);
  asked[0]!.answer('ba');
  expect((await last)?.pages).toHaveLength(2);
  expect([shown(), run.isImproving]).toEqual(['ba', false]);
  expect(answered.mock.calls.map(([, isFirst]) => isFirst as boolean)).toEqual([true, false]);
});

test('a list that was touched meanwhile keeps its order', async () => {
  const last = run.ask('q');
  asked[0]!.keyword('ab');
  await settle();
  isTouched = true;
  asked[0]!.answer('cba');
  await last;
  expect(shown()).toBe('abc');
});

test('an answer to a question that was replaced is dropped, in whatever order they come', async () => {
  const first = run.ask('one');
  const second = run.ask('two');
  expect(asked[0]!.options.signal?.aborted).toBe(true);
  asked[0]!.keyword('x');
  asked[0]!.answer('x');
  asked[1]!.answer('y');
  expect(await first).toBeNull();
  expect((await second)?.query).toBe('two');
  expect(shown()).toBe('y');
  expect(failed).not.toHaveBeenCalled();
});

test('clearing drops a pending search', async () => {
  const last = run.ask('q');
  run.clear();
  asked[0]!.answer('a');
  expect(await last).toBeNull();
  expect([shown(), run.query, run.isBusy]).toEqual(['', '', false]);
});

test('typing asks once, after the pause', async () => {
  vi.useFakeTimers();
  run.askSoon('q', 100);
  vi.advanceTimersByTime(90);
  run.askSoon('qu', 100);
  vi.advanceTimersByTime(99);
  expect(asked).toHaveLength(0);
  vi.advanceTimersByTime(1);
  vi.useRealTimers();
  await settle();
  expect(asked.map(({ text }) => text)).toEqual(['qu']);
});

test('the skeleton is shown after 150 ms and not before', () => {
  vi.useFakeTimers();
  void run.ask('q');
  vi.advanceTimersByTime(149);
  expect(run.isSlow).toBe(false);
  vi.advanceTimersByTime(1);
  expect(run.isSlow).toBe(true);
  vi.useRealTimers();
});

test('an error is shown with its code, and a retry clears it', async () => {
  const last = run.ask('q');
  asked[0]!.fail(new EraError('network', 'away'));
  expect(await last).toBeNull();
  expect(run.error?.code).toBe('network');
  expect(failed).toHaveBeenCalledOnce();
  const again = run.retry();
  asked[1]!.answer('a');
  await again;
  expect([run.error, shown()]).toEqual([null, 'a']);
});

test('an error that is not an EraError becomes one', async () => {
  const last = run.ask('q');
  asked[0]!.fail(new TypeError('surprise'));
  await last;
  expect(run.error?.code).toBe('internal');
});

test('an error after a first answer leaves that answer', async () => {
  const last = run.ask('q');
  asked[0]!.keyword('a');
  asked[0]!.fail(new EraError('network', 'away'));
  await last;
  expect([run.error, shown(), run.isImproving]).toEqual([null, 'a', false]);
});

test('refining asks the same without a keyword answer in between, and only where an answer is shown', async () => {
  await run.refine();
  expect(asked).toHaveLength(0);
  const last = run.ask('q');
  asked[0]!.answer('ab');
  await last;
  isTouched = true;
  const refined = run.refine();
  expect(run.isImproving).toBe(true);
  expect(asked[1]!.text).toBe('q');
  asked[1]!.keyword('z');
  asked[1]!.answer('cb');
  await refined;
  expect([shown(), run.isImproving]).toEqual(['abc', false]);
});

test('refining that fails leaves the answer, which is then no longer being improved', async () => {
  const last = run.ask('q');
  asked[0]!.answer('ab');
  await last;
  const refined = run.refine();
  asked[1]!.fail(new EraError('network', 'away'));
  await refined;
  expect([run.error, shown(), run.isImproving]).toEqual([null, 'ab', false]);
});

test('choosing a filter searches again with all chosen filters', () => {
  void run.ask('q');
  run.setFilter('topic', 'Guide', true);
  run.setFilter('topic', 'Help', true);
  run.setFilter('topic', 'Guide', false);
  expect(asked.at(-1)?.options.filters).toEqual({ topic: ['Help'] });
  run.setFilter('topic', 'Help', false);
  expect(asked.at(-1)?.options.filters).toEqual({});
  run.setFilter('version', '1', true);
  expect(asked.at(-1)?.options.filters).toEqual({ version: ['2', '', '1'] });
  run.setFilter('version', '2', false);
  expect(asked.at(-1)?.options.filters).toEqual({ version: ['', '1'] });
  run.setFilter('version', '1', false);
  expect(asked.at(-1)?.options.filters).toEqual({ version: [] });
  run.clearFilters();
  expect(run.chosen).toEqual({ version: ['2', ''] });
});
