// What is wrong with an extension is told by type and name, when it is loaded and in every call.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analyzer, LanguageAnalyzer, Token } from '../analysis/analyzer.ts';
import { analyzersFor, analyzersOf } from '../analysis/analyzers.ts';
import { checkedEncoder } from './checked-encoder.ts';
import type { Encoder } from '../encode/encoder.ts';
import { EraError, isEraError } from '../errors.ts';
import { checkedRetriever } from './checked-retriever.ts';
import type { RankedList, Retriever } from '../search/retriever.ts';
import { loadExtension } from './load-extension.ts';
import { openOwnEncoder } from './open-own-encoder.ts';
import { openOwnRetriever } from './open-own-retriever.ts';
import { openOwnTrainer } from './open-own-trainer.ts';

async function refusal(work: () => unknown): Promise<EraError> {
  try {
    await work();
  } catch (error) {
    if (isEraError(error)) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('a module', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'era-extension-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const load = async (name: string, code: string): ReturnType<typeof loadExtension> => {
    const file = join(folder, `${name}.mjs`);
    await writeFile(file, code);
    return loadExtension(pathToFileURL(file).href);
  };

  test.each([
    ['missing-brace', 'export default {', 'could not be loaded'],
    ['throws', 'throw new Error("no luck")', 'no luck'],
    ['no-default', 'export const analyzers = []', 'default export'],
    ['a-number', 'export default 3', 'default export'],
    ['misspelt', 'export default { analyser: [] }', '“analyser”'],
    ['no-list', 'export default { analyzers: {} }', 'a list'],
    ['no-function', 'export default { openEncoder: "x" }', 'a function'],
    ['half', 'export default { analyzers: [{ name: "x", version: 1 }] }', 'number 1'],
    ['bad-name', 'export default { analyzers: [{ name: "X Y", version: 1, languages: [], load() {} }] }', 'number 1'],
  ])('%s is refused by name', async (name, code, said) => {
    const error = await refusal(() => load(name, code));
    expect(error.code).toBe('bad-extension');
    expect(error.message).toContain(`${name}.mjs`);
    expect(error.message).toContain(said);
  });

  test('one that is not there is refused by its address, with the cause', async () => {
    const error = await refusal(() => loadExtension(pathToFileURL(join(folder, 'nowhere.mjs')).href));
    expect(error).toMatchObject({ code: 'bad-extension' });
    expect(error.message).toContain('nowhere.mjs');
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('no extension, and one without parts, add nothing', async () => {
    expect(await loadExtension(undefined)).toEqual({});
    const empty = await load('empty', 'export default {}');
    expect(await openOwnEncoder(empty)).toBe(null);
    expect(await openOwnRetriever(empty, { count: 1, url: 'x:/', ids: () => Promise.resolve(['a']) })).toBe(null);
    expect((await refusal(() => openOwnTrainer(empty))).code).toBe('invalid-option');
  });
});

describe('an analyzer', () => {
  const word = (change: object): Token => ({ term: 'word', start: 0, end: 4, parts: [], ...change });
  const cutting = (tokens: (text: string) => readonly Token[], change: Partial<Analyzer> = {}): LanguageAnalyzer => ({
    name: 'mine',
    version: 1,
    languages: ['eo'],
    load: () =>
      Promise.resolve({ name: 'mine', version: 1, language: 'eo', tokens, isStopWord: () => false, ...change }),
  });
  const sound = (text: string): Token[] => (text === '' ? [] : [word({ end: Math.min(4, text.length) })]);

  test.each<[string, LanguageAnalyzer, string]>([
    ['that cannot be loaded', { ...cutting(sound), load: () => Promise.reject(new Error('gone')) }, 'gone'],
    ['that is another once it is loaded', cutting(sound, { version: 2 }), 'mine/2'],
    [
      'that throws',
      cutting(() => {
        throw new TypeError('x is undefined');
      }),
      'x is undefined',
    ],
    ['that gives nothing', cutting(() => undefined as unknown as Token[]), 'no list of words'],
    ['that gives words without parts', cutting(() => [{ term: 'word', start: 0, end: 4 } as Token]), 'parts'],
    ['with a place outside the text', cutting(() => [word({ end: 1e6 })]), 'outside'],
    ['with an empty place', cutting(() => [word({ end: 0 })]), 'outside'],
    ['with a place that is no number', cutting(() => [word({ start: NaN })]), 'outside'],
    ['with an empty term', cutting(() => [word({ term: '' })]), '1 to 64 letters'],
    ['with a long term', cutting(() => [word({ term: 'x'.repeat(65) })]), '1 to 64 letters'],
    ['with a space in a term', cutting(() => [word({ term: 'two words' })]), '“two words”'],
    ['with half a character', cutting(() => [word({ term: '\uD800' })]), 'half a character'],
    ['with an exclamation mark after a letter', cutting(() => [word({ term: 'word!de' })]), '“word!de”'],
    ['with a form like a word', cutting(() => [word({ forms: ['word'] })]), 'kennwort!de'],
    ['with a bad part', cutting(() => [word({ parts: [{ term: 'w', start: 3, end: 2 }] })]), 'outside'],
  ])('%s is refused by its name, when an index is made or opened', async (_, analyzer, said) => {
    for (const work of [
      () => analyzersFor(['eo'], [analyzer]),
      () => analyzersOf('standard/1+mine/1.00000000', [analyzer]),
    ]) {
      const error = await refusal(work);
      expect(error.code).toBe('bad-extension');
      expect(error.message).toContain('mine/1');
      expect(error.message).toContain(said);
    }
  });

  test('that fails on one text only is refused there, by name and text', async () => {
    const analyzer = cutting((text) => (text.includes('Ĉ') ? [word({ end: 99 })] : sound(text)));
    const { ofPage } = await analyzersFor(['eo'], [analyzer]);
    expect(ofPage('eo').tokens('bona').length).toBe(1);
    const error = await refusal(() => ofPage('eo').tokens('Ĉu ne?'));
    expect(error.message).toContain('Ĉu ne?');
  });

  test('whose version was raised, or that cuts otherwise under the same one, is told from the one of the index', async () => {
    const { id } = await analyzersFor(['eo'], [cutting(sound)]);
    expect((await analyzersOf(id, [cutting(sound)])).id).toBe(id);
    const other = cutting((text) => sound(text).map((token) => ({ ...token, term: 'other' })));
    for (const own of [[], [other], [{ ...cutting(sound), version: 2 }]])
      expect((await refusal(() => analyzersOf(id, own))).code).toBe('unknown-analyzer');
  });

  test('of a language stands before the engine’s own; one of all pages cuts those that no other cuts', async () => {
    const german = { ...cutting(sound), languages: ['de'] };
    expect((await analyzersFor(['de'], [german])).id).toMatch(/^standard\/2\+mine\/1\.[0-9a-f]{8}$/);
    const rest = { ...cutting(sound), languages: ['*'] };
    const { id, ofPage } = await analyzersFor(['de', 'x', ''], [german, rest]);
    expect(id).toMatch(/^standard\/2\+mine\/1\.[0-9a-f]{8}\+mine\/1\.[0-9a-f]{8}$/);
    expect(ofPage('').name).toBe('mine');
  });
});

describe('a retriever', () => {
  const list = (ids: number[], scores: number[], of: (ids: Int32Array) => unknown = (some) => some): RankedList => ({
    ids: ids as unknown as Int32Array<ArrayBuffer>,
    scores: Float32Array.from(scores),
    scoresOf: (some) => Promise.resolve(of(some) as Float32Array<ArrayBuffer>),
  });
  const giving = (give: () => RankedList | Promise<RankedList>): Retriever =>
    checkedRetriever({ count: 3, retrieve: async () => give() }, { count: 3 });
  const query = { text: 'x', vector: null };

  test.each<[string, () => RankedList, string]>([
    ['an unknown doc id', () => list([0, 3], [1, 0.5]), 'doc id 3'],
    ['a doc id below 0', () => list([-1], [1]), 'doc id -1'],
    ['a doc id that is no whole number', () => list([0.5], [1]), 'doc id 0.5'],
    ['a doc id twice', () => list([1, 1], [1, 0.5]), 'doc id 1 twice'],
    ['more than was asked for', () => list([0, 1, 2, 0], [1, 1, 1, 1]), 'at most 3'],
    ['a score that is NaN', () => list([2], [NaN]), 'doc id 2'],
    ['a score that is no cosine', () => list([2], [17]), 'doc id 2'],
    ['fewer scores than ids', () => list([0, 1], [1]), '2 scores'],
    ['nothing', () => undefined as unknown as RankedList, 'no list'],
    [
      'an exception',
      () => {
        throw new RangeError('no such shard');
      },
      'no such shard',
    ],
  ])('that gives %s is refused by name', async (_, give, said) => {
    const error = await refusal(() => giving(give).retrieve(query, { k: 3 }));
    expect(error.code).toBe('bad-extension');
    expect(error.message).toContain(said);
  });

  test('is held to its scores of single documents too', async () => {
    const { scoresOf } = await giving(() => list([0], [1], () => Float32Array.of(NaN))).retrieve(query, { k: 1 });
    expect((await refusal(() => scoresOf(Int32Array.of(2)))).message).toContain('doc id 2');
  });

  test('that does not answer is given up after the limit, its own signal with it; one that is aborted rejects with the reason', async () => {
    let isTold = false;
    const silent: Retriever = {
      count: 3,
      retrieve: (_, { signal }) =>
        new Promise(() => {
          signal!.addEventListener('abort', () => (isTold = true));
        }),
    };
    const checked = checkedRetriever(silent, { count: 3, timeoutMs: 5 });
    expect((await refusal(() => checked.retrieve(query, { k: 1 }))).code).toBe('timeout');
    expect(isTold).toBe(true);
    const stop = new AbortController();
    const asked = checkedRetriever(silent, { count: 3 }).retrieve(query, { k: 1, signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  test('of another collection, or that cannot be opened, fails with every search and says why', async () => {
    const documents = { count: 3, url: 'x:/', ids: () => Promise.resolve(['a', 'b', 'c']) };
    for (const openRetriever of [
      () => ({ count: 4, retrieve: () => Promise.resolve(list([], [])) }),
      () => Promise.reject<Retriever>(new Error('no shard')),
    ]) {
      const opened = (await openOwnRetriever({ openRetriever }, documents))!;
      expect((await refusal(() => opened.retrieve(query, { k: 1 }))).message).toMatch(/over 4 documents|no shard/);
    }
  });

  test('keeps its errors, and its order is by score', async () => {
    const own = new EraError('server-error', 'down');
    expect(await refusal(() => giving(() => Promise.reject(own)).retrieve(query, { k: 1 }))).toBe(own);
    const { ids } = await giving(() => list([2, 0, 1], [0.2, 0.9, 0.9])).retrieve(query, { k: 3 });
    expect([...ids]).toEqual([0, 1, 2]);
  });
});

describe('an encoder', () => {
  const space = { model: 'mine', revision: '1', dtype: 'fp32', pooling: 'mean', prompt: '', dims: 2 } as const;
  const giving = (encode: () => Float32Array<ArrayBuffer>): Encoder =>
    checkedEncoder({
      space,
      device: 'cpu',
      encode: () => new Promise((resolve) => resolve(encode())),
      dispose: () => Promise.resolve(),
    });

  test.each<[string, () => Float32Array<ArrayBuffer>, string]>([
    ['too few numbers', () => new Float32Array(3), 'dimension-mismatch'],
    ['no matrix', () => [[1, 0]] as unknown as Float32Array<ArrayBuffer>, 'dimension-mismatch'],
    ['NaN', () => Float32Array.of(NaN, 0), 'not-finite'],
    ['zeros', () => new Float32Array(2), 'not-finite'],
    ['a long vector', () => Float32Array.of(3, 4), 'not-finite'],
    [
      'an exception',
      () => {
        throw new Error('no weights');
      },
      'bad-extension',
    ],
  ])('that gives %s is refused by name', async (_, encode, code) => {
    const error = await refusal(() => giving(encode).encode(['a'], 'query'));
    expect(error.code).toBe(code);
    expect(error.message).toContain('mine');
  });

  test('without a space, or without what cuts passages, is not opened', async () => {
    const unnamed = { ...giving(() => Float32Array.of(1, 0)), space: { ...space, dims: 0 } };
    const sized = { countTokens: () => 1, maxTokens: 10 };
    for (const opened of [{ encoder: unnamed, ...sized }, { encoder: giving(() => Float32Array.of(1, 0)) }]) {
      const openEncoder = (): Promise<never> => Promise.resolve(opened as never);
      expect((await refusal(() => openOwnEncoder({ openEncoder }))).code).toBe('bad-extension');
    }
  });
});

describe('a trainer', () => {
  test('without both methods, or that gives no adapter, is refused', async () => {
    expect((await refusal(() => openOwnTrainer({ openTrainer: () => ({ name: 'x' }) as never }))).code).toBe(
      'bad-extension',
    );
    const { align } = await openOwnTrainer({
      openTrainer: (standard) => ({ ...standard, align: () => Promise.resolve({ local: {} as never }) }),
    });
    const input = { pairs: null, to: { dims: 2 } as never, documents: null, paths: ['local'] as const };
    expect((await refusal(() => align(input, { seed: 1 }))).code).toBe('bad-extension');
  });
});
