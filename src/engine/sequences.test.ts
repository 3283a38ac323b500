// Any sequence of calls, with any faults of the workers under it: every call settles, with an answer, a typed error or its
// abort, and the engine answers afterwards. The clock is simulated, so that waiting for minutes takes none.

import fc from 'fast-check';
import process from 'node:process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Engine } from '../engine.ts';
import type { Collection } from './collection.ts';
import { FAKE_TITLE, fakeWorkers, type Birth, type Fate } from './fake-worker.fixture.ts';
import { runSequence, searched, steps, type CallSetting } from './sequences.fixture.ts';
import './trainer.ts'; // loaded before the clock is simulated

/** Number of sequences; `npm run faults` makes more. */
const RUNS = Number(process.env['ERA_SEQUENCES'] ?? 2000);
const LABELS = Array.from({ length: 6 }, (_, i) => ({
  qid: `q${i}`,
  query: `query ${i}`,
  instruction: '',
  labels: [{ id: `p${i % 3}`, score: 1 }],
}));

const SETTING: CallSetting = {
  open: (engine, signal) => engine.open('./era-search/', { signal }),
  labels: LABELS,
  path: 'local',
};
const fates = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant<Fate>('answer') },
    { weight: 5, arbitrary: fc.constantFrom<Fate>('late', 'error', 'silence', 'death', 'death-after') },
  ),
  { maxLength: 40 },
);
const births = fc.array(fc.constantFrom<Birth>('alive', 'alive', 'alive', 'missing', 'mute'), { maxLength: 8 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] });
  vi.stubGlobal('document', { baseURI: 'https://example.org/' });
  vi.stubGlobal('location', { origin: 'https://example.org', href: 'https://example.org/' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Moves the simulated clock until the work has settled. @returns false where two simulated hours were not enough */
async function settles(work: Promise<unknown>): Promise<boolean> {
  const settled = { now: false };
  const settle = (): void => {
    settled.now = true;
  };
  work.then(settle, settle);
  for (let ms = 0; ms < 7_200_000 && !settled.now; ms += 5000) {
    await new Promise((resolve) => setImmediate(resolve)); // modules that are imported
    await vi.advanceTimersByTimeAsync(ms === 0 ? 50 : 5000);
  }
  return settled.now;
}

test(`${RUNS} sequences of up to eight calls, under faults: each call settles, and the engine answers afterwards`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fates, births, async (sequence, fated, born) => {
      const left = { fates: [...fated], births: [...born], isOver: false };
      vi.stubGlobal(
        'Worker',
        fakeWorkers({
          call: () => (left.isOver ? 'answer' : (left.fates.shift() ?? 'answer')),
          start: () => (left.isOver ? 'alive' : (left.births.shift() ?? 'alive')),
        }),
      );
      vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
      const engine = new Engine({ encoder: { model: 'fake' }, path: 'local' });
      try {
        const { collection, unexpected } = await runSequence(SETTING, engine, sequence, async (call, what) => {
          expect(await settles(call), what).toBe(true);
        });
        expect(unexpected).toEqual([]);

        left.isOver = true;
        const open = (): Promise<Collection> => engine.open('./era-search/');
        for (const from of collection ? [() => Promise.resolve(collection), open] : [open]) {
          const answered = searched(from, 'anything');
          expect(await settles(answered), 'afterwards').toBe(true);
          expect((await answered).pages[0]?.title).toBe(FAKE_TITLE);
        }
      } finally {
        engine.close();
        vi.clearAllTimers();
      }
    }),
    { numRuns: RUNS },
  );
}, 600_000);
