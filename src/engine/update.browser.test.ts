// Collections of a page that change, with the real workers and the real small model: what has a vector is not embedded
// again.

import { afterEach, expect, test } from 'vitest';
import { Engine, type Collection, type CollectionRecord } from '../index.ts';

const NAME = 'notes';
const records: readonly CollectionRecord[] = [
  { id: 'chain', title: 'Chain', content: 'A chain that skips is worn out and has to be replaced.' },
  { id: 'tyres', title: 'Tyres', content: 'Tyres are pumped up once a week.' },
  { url: 'brakes.html', title: 'Brakes', content: 'Brake pads are changed when the groove is gone.' },
];
const lamp: CollectionRecord = { id: 'lamp', content: 'A dynamo gives the lamp its power.' };

const engines: Engine[] = [];
function create(): Engine {
  const engine = new Engine({ encoder: { modelBase: '/models/', device: 'wasm' }, scan: 'wasm', store: 'auto' });
  engines.push(engine);
  return engine;
}
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close();
  indexedDB.deleteDatabase('era-search');
});

/** Numbers of texts that a call has embedded. */
function counter(): { readonly onProgress: (progress: { phase: string; done: number }) => void; count: number } {
  const embedded = {
    count: 0,
    onProgress: ({ phase, done }: { phase: string; done: number }): void => {
      if (phase === 'embed') embedded.count = done;
    },
  };
  return embedded;
}
const first = async (collection: Collection, query: string): Promise<string | undefined> =>
  (await collection.search(query, { mode: 'dense' }).best()).pages[0]?.sections[0]?.id;

test('a collection that is built again embeds only texts that it did not have', { timeout: 300_000 }, async () => {
  const [all, again, more] = [counter(), counter(), counter()];
  const built = await create().build(records, { name: NAME, onProgress: all.onProgress });
  expect(all.count).toBe(3);
  const rebuilt = await create().build(records, { name: NAME, onProgress: again.onProgress });
  expect(again.count).toBe(0);
  expect(rebuilt.info.build).toBe(built.info.build);
  const longer = await create().build([...records, lamp], { name: NAME, onProgress: more.onProgress });
  expect(more.count).toBe(1);
  expect(await first(longer, 'light at night')).toBe('lamp');
  expect(await first(longer, 'inflate the wheels')).toBe('tyres');
});

test('records are put in, replaced and removed, and the next visit finds them so', { timeout: 300_000 }, async () => {
  const collection = await create().build(records, { name: NAME });
  const tyres = { id: 'tyres', title: 'Tyres', content: 'Winter tyres have studs.' };
  const embedded = counter();
  await collection.update({ put: [tyres, lamp], remove: ['brakes.html', 'never there'] }, embedded);
  expect(embedded.count).toBe(2);
  expect(collection.info).toMatchObject({ pages: 3, passages: 3, source: 'store' });
  expect(await first(collection, 'riding on ice')).toBe('tyres');
  const { pages } = await collection.search('brake pads', { mode: 'keyword' }).best();
  expect(pages).toEqual([]);

  const later = await create().openStored(NAME);
  expect(later.info.build).toBe(collection.info.build);
  await later.update({ remove: ['lamp'] });
  expect(await first(later, 'light at night')).not.toBe('lamp');
  expect(later.info).toMatchObject({ pages: 2, passages: 2, source: 'store' });
});

test(
  'changes that are asked for at once are made one after the other; one that fails changes nothing',
  { timeout: 300_000 },
  async () => {
    const collection = await create().build(records, { name: NAME });
    const outcomes = await Promise.allSettled([
      collection.update({ put: [lamp] }),
      collection.update({ put: [{ id: '', content: 'x' }] }),
      collection.update({ remove: ['chain'] }),
      collection.update({ remove: ['tyres', 'brakes.html', 'lamp'] }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as unknown)).toMatchObject([
      undefined,
      { code: 'invalid-input' },
      undefined,
      { code: 'empty-corpus' },
    ]);
    expect(collection.info.pages).toBe(3);
    expect(await first(collection, 'light at night')).toBe('lamp');
    await collection.update({ put: [{ id: 'lamp', content: ' ' }] });
    expect(collection.info.pages).toBe(2);
    const reason = new Error('enough');
    await expect(collection.update({ put: records }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(collection.info.pages).toBe(2);
  },
);
