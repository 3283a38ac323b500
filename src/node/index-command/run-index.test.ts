import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseManifest } from '../../format/manifest.ts';
import { readIndex } from '../../format/reader.ts';
import { sha256Hex } from '../../format/sha256.ts';
import type { CommandIo } from '../command-io.ts';
import { runCli } from '../run-cli.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { repositoryRoot } from '../setup/script.mjs';
import { buildIndex } from './build-index.ts';

const TWO = '{"id":"a","doc":"list all files in a folder"}\n{"id":"b","text":"remove a folder","title":"rm","url":"docs/rm.html"}\n';

interface Run {
  readonly code: number;
  readonly printed: string[];
  readonly noted: string[];
}

async function run(args: readonly string[], changes: Partial<CommandIo> = {}): Promise<Run> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await runCli(args, { print: (line) => printed.push(line), note: (line) => noted.push(line), ...changes });
  return { code, printed, noted };
}

test('passages become an index and a manifest that name each other, with the real model', async () => {
  const folder = folderForTest({ 'docs.jsonl': TWO });
  const out = join(folder, 'deep/out');
  const { code, printed, noted } = await run(['index', join(folder, 'docs.jsonl'), '--out', out, '--json', '--quiet']);
  expect(code, noted.join('\n')).toBe(0);
  expect(noted).toEqual([]);
  const manifest = parseManifest(readFileSync(join(out, 'index.json'), 'utf8'));
  expect(JSON.parse(printed.join('\n'))).toEqual(manifest);
  const bytes = new Uint8Array(readFileSync(join(out, manifest.file)));
  expect(sha256Hex(bytes)).toBe(manifest.sha256);
  expect(readdirSync(out).sort()).toEqual([manifest.file, 'index.json'].sort());

  const view = readIndex(bytes);
  expect(view.count).toBe(2);
  expect(view.dims).toBe(384);
  expect(view.passage(1)).toEqual({ id: 'b', text: 'remove a folder', title: 'rm', url: 'docs/rm.html' });
  expect(view.vectors.scales.every((scale) => scale > 0)).toBe(true);
});

test('the same passages give the same bytes, each vector from its own text alone', async () => {
  const folder = folderForTest({ 'one.jsonl': TWO, 'again.jsonl': TWO, 'more.jsonl': `${TWO}{"id":"c","doc":"a much longer text about something else altogether"}\n` });
  const codes: Int8Array[] = [];
  const files: string[] = [];
  for (const name of ['one', 'again', 'more']) {
    const out = join(folder, name);
    expect((await run(['index', join(folder, `${name}.jsonl`), '--out', out, '--quiet'])).code).toBe(0);
    const { file } = parseManifest(readFileSync(join(out, 'index.json'), 'utf8'));
    files.push(file);
    codes.push(readIndex(new Uint8Array(readFileSync(join(out, file)))).vectors.codes.slice(0, 2 * 384));
  }
  expect(files[1]).toBe(files[0]);
  expect(files[2]).not.toBe(files[0]);
  expect(codes[2]).toEqual(codes[0]);
});

test('a new index replaces the old one in its folder and leaves other files alone', async () => {
  const old = 'index-0123456789abcdef.era';
  const folder = folderForTest({ 'docs.jsonl': TWO, [`out/${old}`]: 'old', [`out/${old}.unfinished`]: 'cut', 'out/index.json': '{}', 'out/notes.era': 'mine', 'out/index.html': 'mine' });
  const out = join(folder, 'out');
  const { code, noted } = await run(['index', join(folder, 'docs.jsonl'), '--out', out]);
  expect(code).toBe(0);
  expect(noted.some((line) => line.includes('2 of 2 passages'))).toBe(true);
  const { file } = parseManifest(readFileSync(join(out, 'index.json'), 'utf8'));
  expect(readdirSync(out).sort()).toEqual(['index.html', 'index.json', file, 'notes.era'].sort());
});

test.each([
  ['a malformed line', '{"id":"a","doc":"x"}\n{', 'Line 2'],
  ['an id twice', '{"id":"a","doc":"x"}\n{"id":"a","doc":"y"}', 'Line 2'],
  ['an empty file', '\n', 'no passages'],
])('%s fails with code 1, says where, and keeps the old index', async (_, jsonl, words) => {
  const folder = folderForTest({ 'docs.jsonl': jsonl, 'out/index.json': 'old' });
  const { code, noted } = await run(['index', join(folder, 'docs.jsonl'), '--out', join(folder, 'out')]);
  expect(code).toBe(1);
  expect(noted.join('\n')).toContain(words);
  expect(readFileSync(join(folder, 'out/index.json'), 'utf8')).toBe('old');
});

test('bytes that are no UTF-8 text fail with code 1', async () => {
  const folder = folderForTest();
  writeFileSync(join(folder, 'docs.jsonl'), Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d));
  expect((await run(['index', join(folder, 'docs.jsonl'), '--out', join(folder, 'out')])).code).toBe(1);
});

test('a folder that cannot be made, a file that is not there and a model that is not known are wrong usage', async () => {
  const folder = folderForTest({ 'docs.jsonl': TWO, file: 'in the way' });
  const docs = join(folder, 'docs.jsonl');
  expect((await run(['index', docs, '--out', join(folder, 'file/out')])).code).toBe(2);
  expect((await run(['index', join(folder, 'absent.jsonl'), '--out', join(folder, 'out')])).code).toBe(2);
  expect((await run(['index', docs, '--out', join(folder, 'out'), '--model', 'no/such-model'])).code).toBe(2);
  mkdirSync(join(folder, 'empty'));
  expect((await run(['index', docs, '--out', join(folder, 'out'), '--models', join(folder, 'empty')])).code).toBe(1);
  expect(existsSync(join(folder, 'out/index.json'))).toBe(false);
});

test.each([[['index']], [['index', 'docs.jsonl']], [['index', 'docs.jsonl', 'more.jsonl', '--out', 'x']], [['index', 'docs.jsonl', '--out', 'x', '--fast']], [['index', '--out']]])(
  '%j is wrong usage',
  async (args) => {
    expect((await run(args)).code).toBe(2);
  },
);

test('a run that is stopped ends with 130 and writes no index', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => JSON.stringify({ id: String(i), doc: `passage number ${i}` }));
  const folder = folderForTest({ 'docs.jsonl': rows.join('\n') });
  const options = { docsPath: join(folder, 'docs.jsonl'), outDir: join(folder, 'out') };
  const stopped = await run(['index', options.docsPath, '--out', options.outDir], { signal: AbortSignal.abort() });
  expect(stopped.code).toBe(130);

  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: number[] = [];
  const onProgress = (done: number): void => {
    seen.push(done);
    controller.abort(reason);
  };
  const modelsDir = join(repositoryRoot, 'public/models');
  await expect(buildIndex({ ...options, modelsDir, signal: controller.signal, onProgress })).rejects.toBe(reason);
  expect(Math.max(...seen)).toBeLessThan(40);
  expect(readdirSync(options.outDir)).toEqual([]);
});
