// A model of an architecture that the engine does not know, from its folder to answers: described by its own files,
// prepared by the command, opened on both runtimes, indexed and searched.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeModel } from '../../encode/describe-model.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { spaceId } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { openCollection } from '../open-collection.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { createIndex } from '../site/create-index.ts';
import { runGolden } from './run-golden.ts';
import { TINY_DIMS, tinyModelFiles, tinyVector, type TinyGraphOptions } from './tiny-model-for-test.ts';

const io: CommandIo = { print: () => undefined, note: () => undefined };
const golden = (folder: string, ...flags: readonly string[]): Promise<number> =>
  runGolden(['--model', `${folder}/tiny`, ...flags], io);

/** @param change null leaves a file out @returns the folder that holds `tiny` */
function tinyModelForTest(change: Readonly<Record<string, string | null>> = {}): string {
  const files = Object.entries({ ...tinyModelFiles(), ...change });
  return folderForTest(
    Object.fromEntries(files.flatMap(([path, content]) => (content === null ? [] : [[`tiny/${path}`, content]]))),
  );
}

test('a model is described by its own files', async () => {
  const folder = tinyModelForTest();
  expect(await describeModel({ name: 'tiny' }, `${folder}/tiny/`)).toMatchObject({
    dims: TINY_DIMS,
    pooling: 'mean',
    maxTokens: 32,
    queryPrompt: 'query: {text}',
    passagePrompt: 'passage: {text}',
  });
  expect(await describeModel({ name: 'tiny', pooling: 'cls', queryPrompt: '' }, `${folder}/tiny/`)).toMatchObject({
    pooling: 'cls',
    queryPrompt: '',
    maxTokens: 32,
  });
});

test.each(['cpu', 'wasm'] as const)(
  'made ready, it gives its vectors on %s, with its prompts and without token types',
  async (device) => {
    const folder = tinyModelForTest();
    await golden(folder);
    const { encoder, refused, countTokens, maxTokens } = await openEncoder({ model: `${folder}/tiny`, device });
    expect(refused).toEqual([]);
    expect(spaceId(encoder.space)).toBe(
      'tiny@main;dtype=fp32;pool=mean;norm=l2;prompt=;passage=passage%3A+%7Btext%7D;dims=8',
    );
    expect([countTokens('red apples'), maxTokens]).toEqual([3, 30]);
    const near = (vector: Float32Array, wanted: readonly number[]): void =>
      vector.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 5));
    near(await encoder.encode(['red apples'], 'passage'), tinyVector('▁passage:', '▁red', '▁apple', 's'));
    near(await encoder.encode(['red apples'], 'query'), tinyVector('▁query:', '▁red', '▁apple', 's'));
    near(
      await encoder.encode(['query: red apples'], 'passage', { isPrompted: true }),
      tinyVector('▁query:', '▁red', '▁apple', 's'),
    );
    // A long text keeps its closing token.
    near(
      await encoder.encode([Array<string>(100).fill('pear').join(' ')], 'passage'),
      tinyVector('▁passage:', ...Array<string>(29).fill('▁pear')),
    );
    await encoder.dispose();
  },
);

test('an index is made with it, published with it, and searched with it', async () => {
  const folder = tinyModelForTest();
  await golden(folder);
  const index = await createIndex({ model: `${folder}/tiny`, cacheDir: null, elementDir: null });
  for (const [id, content] of Object.entries({ apple: 'red apple', pear: 'green pears', sky: 'blue blue blue' }))
    await index.addRecord({ id, content });
  const output = mkdtempSync(join(tmpdir(), 'era-tiny-'));
  await index.write({ outputPath: join(output, 'index') });
  rmSync(folder, { recursive: true }); // the published files are enough
  const collection = await openCollection(join(output, 'index'));
  const { pages, source } = await collection.search('green pear', { mode: 'dense' }).best();
  expect(source).toMatchObject({ ranking: 'dense', vector: 'local' });
  expect(pages[0]!.sections[0]!.id).toBe('pear');
  await collection.close();
  rmSync(output, { recursive: true });
});

const POOLING = '1_Pooling/config.json';
test.each<[string, Parameters<typeof tinyModelForTest>[0], object]>([
  [
    'no tokenizer',
    { 'tokenizer.json': null },
    { code: 'model-load', message: expect.stringContaining('/tiny/tokenizer.json') as string },
  ],
  [
    'a pooling that nobody states',
    { [POOLING]: null },
    { code: 'invalid-option', details: { model: 'tiny', missing: 'pooling' } },
  ],
  [
    'two poolings at once',
    { [POOLING]: '{"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}' },
    { code: 'model-load', message: expect.stringContaining('mean_tokens and max_tokens') as string },
  ],
  [
    'a layer behind the pooling',
    { 'modules.json': '[{"type":"sentence_transformers.models.Dense"}]' },
    { code: 'model-load', message: expect.stringContaining('Dense') as string },
  ],
  [
    'a pooling without the prompt',
    { [POOLING]: '{"pooling_mode_mean_tokens":true,"include_prompt":false}' },
    { code: 'model-load' },
  ],
  [
    'another width than its files say',
    { [POOLING]: '{"pooling_mode_mean_tokens":true,"word_embedding_dimension":16}' },
    { code: 'dimension-mismatch' },
  ],
  [
    'no weights',
    { 'onnx/model.onnx': null, 'onnx/readme.txt': '' },
    { code: 'model-load', message: expect.stringContaining('model_quantized.onnx') as string },
  ],
  ['weights that are no graph', { 'onnx/model.onnx': 'no graph' }, { code: 'model-load' }],
  [
    'a damaged file',
    { 'config.json': '{' },
    { code: 'model-load', message: expect.stringContaining('/tiny/config.json') as string },
  ],
  [
    'a description that is none',
    { 'era-model.json': '{"dims":-1}' },
    { code: 'model-load', message: expect.stringContaining('era-model.json') as string },
  ],
])('a folder with %s is refused by name', async (_, change, error) => {
  await expect(golden(tinyModelForTest(change))).rejects.toMatchObject(error);
});

test.each([
  ['--pooling', 'max'],
  ['--dims', '0'],
  ['--max-tokens', 'many'],
  ['--query-prompt', 'query: '],
  ['--model', ''],
])('refuses %s %s', async (...flags) => {
  await expect(runGolden(['--model', './none', ...flags], io)).rejects.toMatchObject({
    code: expect.stringMatching(/invalid-option|model-load/) as string,
  });
});

test('the eight-bit weights of a bundled model pass, and the command writes the files that pages have', async () => {
  const base = mkdtempSync(join(tmpdir(), 'era-golden-'));
  const model = 'Xenova/all-MiniLM-L6-v2';
  cpSync(new URL(`../../../public/models/${model}`, import.meta.url).pathname, join(base, model), { recursive: true });
  const before = JSON.parse(readFileSync(join(base, model, 'golden.json'), 'utf8')) as {
    cases: { text: string; tokens: number }[];
  };
  writeFileSync(join(base, model, 'golden.json'), '{}');
  await runGolden(['--model', model, '--models', base], io);
  const after = JSON.parse(readFileSync(join(base, model, 'golden.json'), 'utf8')) as typeof before;
  for (const { text, tokens } of before.cases)
    expect(after.cases.find((item) => item.text === text)?.tokens ?? tokens).toBe(tokens);
  expect((await openEncoder({ model, modelBase: base })).refused).toEqual([]);
  rmSync(base, { recursive: true });
});

test.each<[string, TinyGraphOptions, RegExp]>([
  ['that wants a file which is not there', { external: 'table.bin' }, /table\.bin/],
  ['of operators that no runtime has', { opset: 999 }, /opset 999|opset.*999/i],
])('a graph %s is refused, and the message says why', async (_, graph, said) => {
  const folder = folderForTest(
    Object.fromEntries(Object.entries(tinyModelFiles(1, graph)).map(([path, content]) => [`tiny/${path}`, content])),
  );
  await expect(golden(folder)).rejects.toMatchObject({
    code: 'model-load',
    message: expect.stringMatching(said) as string,
  });
  // with known answers at hand it is opened by pages and by the command alike
  const sound = tinyModelForTest();
  await golden(sound);
  for (const file of ['golden.json', 'era-model.json']) cpSync(join(sound, 'tiny', file), join(folder, 'tiny', file));
  for (const device of ['cpu', 'wasm'] as const)
    await expect(openEncoder({ model: `${folder}/tiny/`, device })).rejects.toMatchObject({
      code: 'model-load',
      message: expect.stringMatching(said) as string,
    });
});

test('what a bare model lacks is named one by one: the flags, then the files', async () => {
  const bare = tinyModelForTest({
    'config.json': null,
    'tokenizer_config.json': null,
    '1_Pooling/config.json': null,
    'modules.json': null,
  });
  await expect(golden(bare)).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringMatching(/--dims, --pooling, --max-tokens/) as string,
  });
  const flags = ['--dims', String(TINY_DIMS), '--pooling', 'mean', '--max-tokens', '34'];
  await expect(golden(bare, ...flags)).rejects.toMatchObject({
    code: 'model-load',
    message: expect.stringMatching(/tiny\/(?:tokenizer_)?config\.json/) as string,
  });
});
