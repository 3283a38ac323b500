// Workers as the page sees them, without the work: they speak the protocol, answer every method with sound data, and fail
// as a test says. What a page does about it is the page's own code.

import { identityAdapter } from '../adapter/initial.ts';
import { UNJUDGED } from '../adapter/trainer.ts';
import { EraError } from '../errors.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { EncoderApi, SearchApi, TrainerApi } from '../rpc/protocol.ts';
import { PROTOCOL_VERSION, toWire, type Api, type FromWorker, type ToWorker } from '../rpc/wire.ts';
import type { CollectionFindings } from '../search/collection.ts';
import type { Space } from '../space.ts';

/**
 * What a call meets: an answer, an answer after a second, an error of its own, silence, the worker's death before or
 * after its answer.
 */
export type Fate = 'answer' | 'late' | 'error' | 'silence' | 'death' | 'death-after';
/** What the start of a worker meets: it listens, its script is not there, or it never says hello. */
export type Birth = 'alive' | 'missing' | 'mute';

export interface Fortune {
  readonly call: (method: string) => Fate;
  readonly start: () => Birth;
}

const DIMS = 4;
const SPACE: Space = { model: 'fake', revision: '1', dtype: 'q8', pooling: 'mean', prompt: '', dims: DIMS };
/** What an answer shows. */
export const FAKE_TITLE = 'The page';

const INFO: CollectionInfo = {
  name: 'fake',
  url: 'https://example.org/era-search/era-search.json',
  origin: 'network',
  build: '0123456789abcdef',
  pages: 1,
  passages: 3,
  languages: ['en'],
  filters: {},
  defaultFilters: {},
  sortKeys: [],
  curation: null,
  bytes: 10,
  missingBytes: 0,
  space: SPACE,
  encoder: { model: 'fake', modelBase: null },
  readsWithoutModel: false,
  adapters: [],
  source: 'store',
  store: 'memory',
  storeProblem: null,
  retriever: null,
  vectors: { scan: 'wasm', scanRefused: [], scanKept: false },
};

const FINDINGS: CollectionFindings = {
  pages: [{ url: 'https://example.org/', title: FAKE_TITLE } as CollectionFindings['pages'][number]],
  total: 1,
  filters: {},
  ranking: 'keyword',
  corrections: [],
  confidence: null,
  isDoubtful: false,
  isLast: true,
  isStatic: false,
  timings: { keywordMs: 0, scanMs: 0 },
};

type Answers<A extends Api> = { readonly [M in keyof A]: (args: A[M]['args']) => A[M]['result'] };

/** What one worker of the search knows; a new one knows nothing. */
function searchAnswers(): Answers<SearchApi> {
  const open = new Set<number>();
  const known = <T>(collection: number, value: T): T => {
    if (!open.has(collection)) throw new EraError('no-index', `There is no collection ${collection}.`);
    return value;
  };
  const vectors = (count: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: count * DIMS }, (_, i) => (i % DIMS === (i / DIMS) % DIMS ? 1 : 0.1));
  return {
    configure: () => null,
    open: ({ collection }) => {
      open.add(collection);
      return INFO;
    },
    known: () => ({
      rows: new Int32Array(),
      vectors: { codes: new Int8Array(), scales: new Float32Array(), dims: DIMS },
    }),
    changed: ({ collection, put }) => known(collection, { content: put, root: '' }),
    build: ({ collection }) => {
      open.add(collection);
      return INFO;
    },
    download: ({ collection }) => known(collection, INFO),
    export: ({ collection }) => known(collection, new Map()),
    close: ({ collection }) => {
      open.delete(collection);
      return null;
    },
    search: ({ collection }) => known(collection, null),
    rankings: ({ collection, texts, sets, factors, k }) =>
      known(
        collection,
        sets.map(() => new Int32Array(texts.length * factors.length * k).fill(-1)),
      ),
    tune: ({ collection }) =>
      known(collection, {
        report: { synonyms: 0, boosts: 0, pins: 0, excluded: 0, unknown: [] } as never,
        info: INFO,
      }),
    setAdapter: ({ collection }) => known(collection, null),
    file: ({ collection }) => known(collection, new Uint8Array()),
    passages: ({ collection, rows }) =>
      known(
        collection,
        rows.map((row) => ({ id: `p${row}`, text: 'text' }) as never),
      ),
    samples: ({ collection }) => known(collection, { texts: ['a', 'b'], vectors: vectors(2) }),
    readStatic: ({ collection, texts }) =>
      known(
        collection,
        texts.map(() => null),
      ),
    rows: ({ collection, ids }) =>
      known(
        collection,
        Int32Array.from(ids, (_, i) => i % 3),
      ),
    vectors: ({ collection, rows }) => known(collection, vectors(rows.length)),
    snapshot: ({ collection }) =>
      known(collection, { codes: new Int8Array(3 * DIMS).fill(1), scales: new Float32Array(3).fill(1), dims: DIMS }),
    parseRecords: () => [],
    readFile: () => null,
    writeFile: () => true,
    removeFile: () => null,
  };
}

const encoderAnswers: Answers<EncoderApi> = {
  open: () => ({ space: SPACE, device: 'wasm', refused: [] }),
  encode: ({ texts }) =>
    Float32Array.from({ length: texts.length * DIMS }, (_, i) => (i % DIMS === (i / DIMS) % DIMS ? 1 : 0.1)),
  collect: () => ({ pages: [], passages: [] }) as never,
};

function trainerAnswers(): Answers<TrainerApi> {
  const report = {
    ...UNJUDGED,
    adapter: identityAdapter(SPACE, 'local'),
    note: '',
    device: 'wasm',
    refused: [],
    seconds: 0,
  };
  return {
    load: () => null,
    align: () => ({ local: report }),
    adapt: () => ({ report, heldOut: null }),
    chooseKeywordFactor: () => ({ factor: 1 }) as never,
    learningCurve: () => [],
    evaluate: ({ runs }) => runs.map(() => ({ perQuery: [] }) as never),
  };
}

/** The class to put in place of `Worker`. */
export function fakeWorkers(fortune: Fortune): new (url: string, options: { readonly name: string }) => object {
  return class FakeWorker extends EventTarget {
    readonly #answers: Readonly<Record<string, (args: never) => unknown>>;
    readonly #isMute: boolean;
    #isAlive = true;

    constructor(_: string, { name }: { readonly name: string }) {
      super();
      this.#answers = name.endsWith('search')
        ? searchAnswers()
        : name.endsWith('encoder')
          ? encoderAnswers
          : trainerAnswers();
      const birth = fortune.start();
      this.#isMute = birth !== 'alive';
      if (birth === 'alive') setTimeout(() => this.#tell({ kind: 'hello', version: PROTOCOL_VERSION, lock: '' }), 0);
      if (birth === 'missing') setTimeout(() => this.#fail(''), 0);
    }

    postMessage(message: ToWorker): void {
      if (this.#isMute || !this.#isAlive) return;
      if (message.kind === 'ping') setTimeout(() => this.#tell({ kind: 'pong', lock: '' }), 0);
      if (message.kind === 'call') this.#answer(message);
    }

    terminate(): void {
      this.#isAlive = false;
    }

    #answer({ id, method, args }: ToWorker & { readonly kind: 'call' }): void {
      const fate = fortune.call(method);
      if (fate === 'silence') {
        this.#isAlive = false; // in a loop without end: not even a ping is answered
        return;
      }
      if (fate === 'death') {
        setTimeout(() => this.#fail('out of memory'), 0);
        return;
      }
      const answer = (): void => {
        try {
          if (fate === 'error') throw new EraError('network', 'The server did not answer.');
          const value = this.#answers[method]!(args as never);
          if (method === 'search') this.#tell({ kind: 'progress', id, value: FINDINGS });
          this.#tell({ kind: 'result', id, value });
        } catch (error) {
          this.#tell({ kind: 'error', id, error: toWire(error) });
        }
        if (fate === 'death-after') this.#fail('out of memory');
      };
      setTimeout(answer, fate === 'late' ? 1000 : 0);
    }

    #tell(data: FromWorker): void {
      if (this.#isAlive) this.dispatchEvent(new MessageEvent('message', { data }));
    }

    #fail(message: string): void {
      if (!this.#isAlive) return;
      this.#isAlive = false;
      this.dispatchEvent(Object.assign(new Event('error'), { message }));
    }
  };
}
