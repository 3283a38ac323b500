import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGeneralTable } from '../../encode/static/general-table.ts';
import { runStaticBase } from './run-static-base.ts';

const ANIMALS = ['cats', 'dogs', 'birds', 'fish', 'horses', 'cows'];
const PLACES = ['house', 'garden', 'river', 'forest', 'field', 'stable'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'static-base-'));
  for (const [source, verb] of Object.entries({ one: 'live', two: 'sleep', three: 'eat', four: 'play' })) {
    await mkdir(join(folder, 'text', source), { recursive: true });
    await writeFile(join(folder, 'text', source, 'licence.txt'), 'CC0\n');
    const lines = ANIMALS.flatMap((animal) => PLACES.map((place) => `The ${animal} ${verb} in the ${place}.`));
    await writeFile(join(folder, 'text', source, 'text.txt'), lines.join('\n'));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<number> =>
  runStaticBase(['--text', join(folder, 'text'), '--cache', join(folder, 'cache'), ...args], {
    print: () => undefined,
    note: () => undefined,
  });

test('makes a table of the frequent words, the same bytes each time, with its provenance', async () => {
  const paths = ['one', 'two'].map((name) => join(folder, `${name}.safetensors`));
  for (const path of paths) expect(await run('--out', path, '--sentences', '100')).toBe(0);
  const [one, two] = await Promise.all(paths.map((path) => readFile(path)));
  expect(one!.equals(two!)).toBe(true);

  const table = readGeneralTable(Uint8Array.from(one!));
  expect(table).toMatchObject({
    space: 'Xenova/all-MiniLM-L6-v2@main;dtype=q8;pool=mean;norm=l2;prompt=;dims=384',
    analyzer: 'standard/2',
    dims: 384,
  });
  expect(table.terms[0]).toBe('the');
  expect(table.terms).toEqual(expect.arrayContaining([...ANIMALS, ...PLACES]));
  expect(table.provenance).toMatchObject({
    sentences: '144, of which the model read 100',
    seed: '42',
    'source.one': '36 sentences, CC0',
  });
  expect(Number(table.provenance['heldOutCosine'])).toBeGreaterThan(0.8);
}, 240_000);

test.each([
  ['--seed', 'x'],
  ['--sentences', '0'],
  ['--words', 'many'],
])('refuses %s %s', async (...args) => {
  await expect(run('--out', join(folder, 'never'), ...args)).rejects.toMatchObject({ code: 'invalid-option' });
});

test('needs text', async () => {
  await expect(runStaticBase([], { print: () => undefined, note: () => undefined })).rejects.toMatchObject({
    code: 'invalid-option',
  });
});
