// Any sequence of calls in a real browser, over the real workers, store and trainer, while workers are ended at any
// moment: every call settles, with an answer, a typed error or its abort, and the engine answers afterwards.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Engine, EraError, type Collection, type LabelledQuery, type QueryEncoder } from '../index.ts';
import { normalizeRows } from '../math/vector.ts';
import { runSequence, searched, steps, type CallSetting } from './sequences.fixture.ts';

const NAME = 'sequences';
/** Number and seed of the sequences; `npm run faults` makes more, and others. */
const SEQUENCES = inject('browserSequences');
const DIMS = 32;
const TOPICS = ['sails', 'bread', 'granite', 'violins', 'glaciers', 'beetles'];
const RECORDS = Array.from({ length: 48 }, (_, i) => ({
  id: `p${i}`,
  content: `${TOPICS[i % TOPICS.length]!} number ${i}: how ${TOPICS[i % TOPICS.length]!} are made, kept and mended`,
}));
const LABELS: LabelledQuery[] = Array.from({ length: 24 }, (_, i) => ({
  qid: `q${i}`,
  query: `what about ${TOPICS[i % TOPICS.length]!} ${i}`,
  instruction: '',
  labels: [{ id: `p${i}`, score: 1 }],
}));

/** Whether the API of the large model answers. */
const api = { isDown: false };
/** Counts letters: weak, but an encoder for both roles that needs no server. */
const letters: QueryEncoder = {
  space: { model: 'letters', revision: '1', dtype: 'api', pooling: 'api', prompt: '', dims: DIMS },
  has: () => true,
  async encode(texts, _role, { signal } = {}) {
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    if (api.isDown) throw new EraError('network', 'The API cannot be reached.');
    const out = new Float32Array(texts.length * DIMS);
    texts.forEach((text, i) => {
      for (const letter of text) out[i * DIMS + (letter.codePointAt(0)! % DIMS)]! += 1;
    });
    normalizeRows(out, DIMS);
    return out;
  },
};

/** Workers that have answered and not ended. One that ends while it starts is missed only after 30 seconds. */
const alive = new Set<Worker>();
/** Called at every message of a worker. */
let heard = (): void => undefined;
const RealWorker = globalThis.Worker;

const create = (): Engine =>
  new Engine({ encoder: false, query: letters, path: 'remote', trainerDevice: 'cpu', scan: 'js' });
const SETTING: CallSetting = {
  open: (engine, signal) => engine.openStored(NAME, { signal }),
  labels: LABELS,
  path: 'remote',
};

beforeAll(async () => {
  globalThis.Worker = class extends RealWorker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      let isReady = false;
      this.addEventListener('message', () => {
        if (isReady) alive.add(this);
        isReady = true;
        heard();
      });
    }
    override terminate(): void {
      alive.delete(this);
      super.terminate();
    }
  };
  const maker = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' } });
  await maker.build(RECORDS, { name: NAME });
  maker.close();
}, 300_000);
afterAll(() => {
  globalThis.Worker = RealWorker;
});

declare module 'vitest' {
  interface ProvidedContext {
    /** Of vite.config.ts. */
    browserSequences: { readonly numRuns: number; readonly seed: number };
  }
}

interface Fault {
  readonly kind: 'worker' | 'api';
  /** The message of a worker, counted from the beginning of the sequence, at which it comes: no time is measured. */
  readonly at: number;
  /** Which of the workers that live. */
  readonly which: number;
}

const faults = fc.array(
  fc.record<Fault>({
    kind: fc.constantFrom('worker', 'worker', 'api'),
    at: fc.integer({ min: 1, max: 12 }),
    which: fc.nat(4),
  }),
  { maxLength: 4 },
);

/** Workers that were ended. */
let ended = 0;

function strike({ kind, which }: Fault): void {
  if (kind === 'api') {
    api.isDown = !api.isDown;
    return;
  }
  const victim = [...alive][which % Math.max(1, alive.size)];
  if (!victim) return;
  victim.terminate();
  ended++;
}

test(`${SEQUENCES.numRuns} sequences of up to eight calls while workers end: each call settles, and the engine answers afterwards`, async () => {
  await fc.assert(
    fc.asyncProperty(steps, faults, async (sequence, struck) => {
      api.isDown = false;
      const engine = create();
      let messages = 0;
      heard = (): void => {
        messages++;
        for (const fault of struck) if (fault.at === messages) strike(fault);
      };
      try {
        const { collection, unexpected } = await runSequence(SETTING, engine, sequence, async (call) => {
          await call;
        });
        expect(unexpected).toEqual([]);

        heard = (): void => undefined;
        api.isDown = false;
        const open = (): Promise<Collection> => engine.openStored(NAME);
        for (const from of collection ? [() => Promise.resolve(collection), open] : [open]) {
          const { pages } = await searched(from, 'how are violins mended');
          expect(pages[0]!.sections[0]!.text).toContain('violins');
        }
      } finally {
        engine.close();
      }
    }),
    SEQUENCES,
  );
  expect(ended).toBeGreaterThan(0);
}, 600_000);
