// Adapters that browsers keep from earlier visits are found under their old file names, and new ones are written under
// the same names.

import { expect, test } from 'vitest';
import { identityAdapter } from '../adapter/initial.ts';
import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../adapter/file.ts';
import { TRAINERS } from '../adapter/trainer.ts';
import { EraError } from '../errors.ts';
import type { Client } from '../rpc/client.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { spaceId, type Space } from '../space.ts';
import { AdapterSlots, usedAdapter } from './adapters.ts';

const SMALL: Space = { model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 2 };
const LARGE: Space = { ...SMALL, model: 'large' };

/** Files and adapters of a search worker. */
function worker(files = new Map<string, Uint8Array<ArrayBuffer>>()): {
  search: Client<SearchApi>;
  files: Map<string, Uint8Array<ArrayBuffer>>;
  adapters: Map<string, LinearAdapter>;
} {
  const adapters = new Map<string, LinearAdapter>();
  const methods: Readonly<Record<string, (args: never) => unknown>> = {
    readFile: ({ name }: SearchApi['readFile']['args']) => files.get(name) ?? null,
    writeFile: ({ name, bytes }: SearchApi['writeFile']['args']) => files.set(name, bytes).has(name),
    removeFile: ({ name }: SearchApi['removeFile']['args']) => void files.delete(name),
    setAdapter: ({ id, adapter }: SearchApi['setAdapter']['args']) =>
      adapter ? adapters.set(id, adapter) : adapters.delete(id),
  };
  const search = {
    call: (method: string, args: never) => Promise.resolve(methods[method]!(args)),
  } as unknown as Client<SearchApi>;
  return { search, files, adapters };
}

const of = (path: QueryPath, name: string): LinearAdapter => {
  const identity = identityAdapter(SMALL);
  return {
    ...identity,
    path,
    from: path === 'local' ? identity.from : path === 'remote' ? [spaceId(LARGE)] : [spaceId(SMALL), spaceId(LARGE)],
    provenance: { name },
    ...(path === 'both' ? { dIn: 4, weight: new Float32Array(8) } : {}),
  };
};

/** File names of builds before slots were named by trainer. */
const BEFORE = [
  'local/start',
  'local/adapted',
  'remote/aligned',
  'remote/start',
  'both/adapted',
  'remote/era-aligned',
  'remote/era-adapted',
];

test('files of an earlier build are found: the default trainer’s by stage, ERA’s by its prefix', async () => {
  const { search, adapters } = worker(
    new Map(BEFORE.map((name) => [`adapter/docs/${name}`, writeAdapter(of(name.split('/')[0] as QueryPath, name))])),
  );
  const slots = new AdapterSlots(7, 'docs');
  await slots.restore(search, SMALL, { local: SMALL, remote: LARGE });
  expect(
    slots.list().map(({ path, trainer, stage, provenance }) => [path, trainer, stage, provenance['name']]),
  ).toEqual([
    ['local', 'closed-form', 'adapted', 'local/adapted'],
    ['remote', 'closed-form', 'aligned', 'remote/aligned'],
    ['remote', 'era', 'aligned', 'remote/era-aligned'],
    ['remote', 'era', 'adapted', 'remote/era-adapted'],
    ['both', 'closed-form', 'adapted', 'both/adapted'],
  ]);
  expect(slots.get('remote', 'closed-form', 'start')?.provenance['name']).toBe('remote/start');
  expect([...adapters.keys()].sort()).toEqual([
    'both/closed-form/adapted',
    'local/closed-form/adapted',
    'local/closed-form/start',
    'remote/closed-form/aligned',
    'remote/closed-form/start',
    'remote/era/adapted',
    'remote/era/aligned',
  ]);
});

test('files are written under the same names, and dropped by trainer', async () => {
  const { search, files } = worker();
  const slots = new AdapterSlots(7, 'docs');
  for (const trainer of TRAINERS)
    for (const stage of ['aligned', 'adapted'] as const)
      await slots.set(search, trainer, stage, of('remote', `${trainer} ${stage}`), new Set(['a']));
  const names = [...files.keys()].sort();
  expect(names).toEqual([
    'adapter/docs/remote/adapted',
    'adapter/docs/remote/aligned',
    'adapter/docs/remote/era-adapted',
    'adapter/docs/remote/era-aligned',
    'adapter/docs/remote/own-adapted',
    'adapter/docs/remote/own-aligned',
  ]);
  for (const name of names)
    expect(readAdapter(files.get(name)!).provenance['name']).toBe(
      name
        .split('/')
        .at(-1)!
        .replace(/^(?:(era|own)-)?/, (_, trainer?: string) => `${trainer ?? 'closed-form'} `),
    );

  await slots.remove(search, ['era'], ['adapted']);
  expect([...files.keys()].sort()).toEqual(names.filter((name) => !name.endsWith('era-adapted')));
  expect(slots.find('remote', 'era', 'best')).toBe('remote/era/aligned');
  expect(slots.find('remote', 'closed-form', 'best')).toBe('remote/closed-form/adapted');
});

test('an adapter that cannot be stored is in use, says so, and leaves no older one for the next visit', async () => {
  for (const code of ['quota', 'storage', 'busy'] as const) {
    const { search, files, adapters } = worker();
    const slots = new AdapterSlots(7, 'docs');
    await slots.set(search, 'closed-form', 'adapted', of('local', 'old'), null);
    expect(slots.list()[0]).toMatchObject({ provenance: { name: 'old' }, isKept: true });
    const call = search.call.bind(search);
    const full = {
      call: (method: keyof SearchApi, args: never) =>
        method === 'writeFile' ? Promise.reject(new EraError(code, 'No.')) : call(method, args),
    } as unknown as Client<SearchApi>;
    await slots.set(full, 'closed-form', 'adapted', of('local', 'new'), null);
    expect(slots.list()).toMatchObject([{ provenance: { name: 'new' }, isKept: false }]);
    expect(adapters.get('local/closed-form/adapted')!.provenance).toEqual({ name: 'new' });
    expect(files.size).toBe(0);
  }
});

test('what a store in memory has written is not kept', async () => {
  const { search } = worker();
  const memory = {
    call: (method: keyof SearchApi, args: never) =>
      method === 'writeFile' ? Promise.resolve(false) : search.call(method, args),
  } as unknown as Client<SearchApi>;
  const slots = new AdapterSlots(7, 'docs');
  await slots.set(memory, 'closed-form', 'adapted', of('local', 'new'), null);
  expect(slots.list()).toMatchObject([{ isKept: false }]);
});

test('a slot is found by its stage, or the trainer’s best', async () => {
  const { search } = worker();
  const slots = new AdapterSlots(7, 'docs');
  expect(slots.find('both', 'closed-form', 'best')).toBeNull();
  await slots.set(search, 'era', 'aligned', of('remote', 'era'), null);
  expect(slots.find('remote', 'era', 'best')).toBe('remote/era/aligned');
  expect(slots.find('remote', 'era', 'adapted')).toBeNull();
  expect(slots.find('remote', 'closed-form', 'aligned')).toBeNull();
  expect(usedAdapter('remote/era/aligned')).toEqual({ trainer: 'era', stage: 'aligned' });
  expect(usedAdapter(null)).toEqual({ trainer: null, stage: 'none' });
});
