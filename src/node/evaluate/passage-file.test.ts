import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listPassages, readPassages, readPassagesAt } from './passage-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passage-file-'));
  path = join(folder, 'docs.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function allTexts(): Promise<string[]> {
  const texts: string[] = [];
  for await (const block of readPassages(path)) texts.push(...block);
  return texts;
}

test('a byte order mark, CRLF, blank lines, other separators and a last line without its end', async () => {
  const docs = ['first\u2028still first', 'ünï ✓', 'last'];
  await writeFile(path, `\uFEFF${docs.map((doc, i) => JSON.stringify({ id: `d${i}`, doc })).join('\r\n\n  ')}`);
  const { rowOf, offsets } = await listPassages(path);
  expect([...rowOf]).toEqual([
    ['d0', 0],
    ['d1', 1],
    ['d2', 2],
  ]);
  expect(await allTexts()).toEqual(docs);
  expect(await readPassagesAt(path, [offsets[2]!, offsets[0]!])).toEqual([docs[2], docs[0]]);
});

test('lines longer than what is read at once, and more of them than a block', async () => {
  const docs = Array.from({ length: 1100 }, (_, i) => `${i} ${'x'.repeat(i % 100 === 0 ? 300_000 : 10)}`);
  await writeFile(path, docs.map((doc, i) => `${JSON.stringify({ id: String(i), doc })}\n`).join(''));
  const { offsets } = await listPassages(path);
  expect(offsets).toHaveLength(1100);
  expect(await allTexts()).toEqual(docs);
  expect(await readPassagesAt(path, [offsets[1000]!, offsets[7]!])).toEqual([docs[1000], docs[7]]);
});

test('the hash is that of the bytes', async () => {
  await writeFile(path, '{"id":"a","doc":"x"}\n');
  const { sha256 } = await listPassages(path);
  await writeFile(path, '{"id":"a","doc":"x"}');
  expect((await listPassages(path)).sha256).not.toBe(sha256);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, string, number | undefined]>([
  ['{"id":"a","doc":"x"}\n\nx', 'malformed-jsonl', 3],
  ['{"id":"a","doc":"x"}\n{"id":"a","doc":"y"}', 'duplicate-id', 2],
  ['\n\n', 'empty-corpus', undefined],
])('refuses %j with the line', async (text, code, line) => {
  await writeFile(path, text);
  await expect(listPassages(path)).rejects.toMatchObject({ code, details: line === undefined ? {} : { line } });
});

test('a file that is not there', async () => {
  await expect(listPassages(path)).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(readPassagesAt(path, [0])).rejects.toMatchObject({ code: 'invalid-input' });
});
