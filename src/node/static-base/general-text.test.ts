import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGeneralText } from './general-text.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'general-text-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(
  name: string,
  sources: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<string> {
  for (const [source, files] of Object.entries(sources)) {
    await mkdir(join(folder, name, source), { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, name, source, file), text);
  }
  return join(folder, name);
}

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, i) => `The tree number ${'ab'.repeat(i + 1)} grows slowly.`).join('\n');

describe('general text', () => {
  it('is the distinct sentences of prose of all sources', async () => {
    const path = await write('prose', {
      one: {
        'licence.txt': 'CC0\n',
        'a.txt': 'A first sentence is here. A second one follows it!\nfor (let i = 0; i < 3; i++) { f(i); }\nTwo words',
        'b.txt': 'A second one follows it!',
        'ignored.md': 'This is in no text file.',
      },
      two: { 'licence.txt': 'MIT', 'c.txt': 'Another source has this one.\nAnd it has that one too.' },
    });
    const { sentences, sources } = await readGeneralText(path, { seed: 1, language: 'en' });
    expect(sources).toEqual([
      { name: 'one', licence: 'CC0', sentences: 1 },
      { name: 'two', licence: 'MIT', sentences: 1 },
    ]);
    const all = [
      'A first sentence is here.',
      'A second one follows it!',
      'Another source has this one.',
      'And it has that one too.',
    ];
    expect(sentences.every((sentence) => all.includes(sentence))).toBe(true);
  });

  it('takes at most a quarter from one source, in an order that the seed decides', async () => {
    const path = await write('shares', {
      large: { 'licence.txt': 'CC0', 'a.txt': numbered(90) },
      small: { 'licence.txt': 'CC0', 'a.txt': 'One small source is here.\nIt has ten sentences in all.' },
    });
    const [one, two, other] = await Promise.all(
      [3, 3, 4].map((seed) => readGeneralText(path, { seed, language: 'en' })),
    );
    expect(one!.sources.map(({ sentences }) => sentences)).toEqual([23, 2]);
    expect(two).toEqual(one);
    expect(other!.sentences).not.toEqual(one!.sentences);
  });

  it('needs sources with a licence and with sentences', async () => {
    const refused = async (path: string): Promise<unknown> =>
      readGeneralText(path, { seed: 1, language: 'en' }).catch((error: unknown) => error);
    const unlicensed = await write('unlicensed', { one: { 'a.txt': 'A sentence of unknown licence.' } });
    expect(await refused(unlicensed)).toMatchObject({ code: 'invalid-option' });
    expect(String(await refused(unlicensed))).toContain('licence.txt');
    const empty = await write('empty', { one: { 'licence.txt': 'CC0', 'a.txt': '{}\n' } });
    expect(await refused(empty)).toMatchObject({ code: 'invalid-option' });
    expect(await refused(join(folder, 'absent'))).toMatchObject({ code: 'invalid-option' });
  });
});
