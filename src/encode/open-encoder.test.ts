import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dot, norm, row } from '../math/vector.ts';
import type { EncodeProgress, Encoder, LoadPhase } from './encoder.ts';
import { ModelFiles } from './model-files.ts';
import { describeModel } from './describe-model.ts';
import { openEncoder } from './open-encoder.ts';
import { prompted } from '../role.ts';
import { COSINE_FLOOR, loadGolden, type GoldenCase } from './self-test.ts';
import { loadTokenizer } from './tokenizer.ts';

const MODEL_BASE = new URL('../../public/models/', import.meta.url).pathname;
const MINILM = 'Xenova/all-MiniLM-L6-v2';
const BGE = 'Xenova/bge-small-en-v1.5';

const filesOf = (model: string): ModelFiles => new ModelFiles(`${MODEL_BASE}${model}/`, {});
const goldenOf = async (model: string): Promise<GoldenCase[]> =>
  loadGolden(filesOf(model), await describeModel({ name: model }, filesOf(model)));

describe.each([MINILM, BGE])('%s in Node', async (model) => {
  const { dims, maxTokens, queryPrompt } = await describeModel({ name: model }, filesOf(model));

  test('agrees with the golden vectors on all twelve texts', async () => {
    const { encoder, refused } = await openEncoder({ model, modelBase: MODEL_BASE });
    expect(refused).toEqual([]);
    expect(encoder).toMatchObject({ device: 'cpu', space: { model, dtype: 'q8', prompt: '', dims } });
    const golden = await goldenOf(model);
    expect(golden).toHaveLength(12);
    const vectors = await encoder.encode(
      golden.map((item) => item.text),
      'passage',
      { reproducible: true },
    );
    const cosines = golden.map(({ vector }, i) => dot(row(vectors, i, dims), vector));
    expect(Math.min(...cosines)).toBeGreaterThan(COSINE_FLOOR.q8);
    golden.forEach((_, i) => {
      expect(norm(row(vectors, i, dims))).toBeCloseTo(1, 5);
    });
    await encoder.dispose();
  });

  test('reads a query with the prompt of the model and a passage as it is', async () => {
    const { encoder } = await openEncoder({ model, modelBase: MODEL_BASE });
    const [text, options] = ['what does $& cost', { reproducible: true }];
    const asked = await encoder.encode([text], 'query', options);
    expect(asked).toEqual(await encoder.encode([prompted(queryPrompt, text)], 'passage', options));
    if (queryPrompt !== '') expect(asked).not.toEqual(await encoder.encode([text], 'passage', options));
    await encoder.dispose();
  });

  test('on WASM, as in a page, it passes the same test', async () => {
    const phases = new Set<LoadPhase>();
    const { encoder, refused } = await openEncoder({
      model,
      modelBase: MODEL_BASE,
      device: 'wasm',
      onLoad: ({ phase }) => phases.add(phase),
    });
    expect(refused).toEqual([]);
    expect([...phases]).toEqual(['fetch', 'compile', 'check']);
    expect(encoder).toMatchObject({ device: 'wasm', space: { model, dtype: 'q8', prompt: '', dims } });
    const golden = await goldenOf(model);
    const vectors = await encoder.encode(
      golden.map((item) => item.text),
      'passage',
      { reproducible: true },
    );
    expect(Math.min(...golden.map(({ vector }, i) => dot(row(vectors, i, dims), vector)))).toBeGreaterThan(
      COSINE_FLOOR.q8,
    );
    await encoder.dispose();
  });

  test('counts tokens as the golden file does, and a cut text keeps its final [SEP]', async () => {
    const tokenizer = await loadTokenizer(filesOf(model));
    for (const { text, tokens } of await goldenOf(model))
      expect(tokenizer.encode(text, maxTokens)).toHaveLength(tokens);
    const cut = tokenizer.encode('word '.repeat(1000), maxTokens);
    expect(cut).toHaveLength(maxTokens);
    expect(cut[0]).toBe(101); // [CLS]
    expect(new Set(cut.subarray(1, -1)).size).toBe(1);
    expect(cut.at(-1)).toBe(102); // [SEP]
  });
});

describe('an open encoder', () => {
  let encoder: Encoder;
  beforeAll(async () => {
    ({ encoder } = await openEncoder({ modelBase: MODEL_BASE }));
  });
  afterAll(() => encoder.dispose());

  const mixed = Array.from({ length: 24 }, (_, i) =>
    `${['cats', 'a tax form', 'the engine of a ship'][i % 3]!} number ${i} `.repeat(((i * 7) % 11) + 1),
  );

  test('gives rows in the order of the texts, whatever batches they went through', async () => {
    const batched = await encoder.encode(mixed, 'passage');
    const single = await encoder.encode(mixed, 'passage', { reproducible: true });
    mixed.forEach((_, i) => {
      const cosines = mixed.map((_, j) => dot(row(batched, i, 384), row(single, j, 384)));
      expect(cosines.indexOf(Math.max(...cosines))).toBe(i);
      expect(cosines[i]).toBeGreaterThan(0.98);
    });
  });

  test('with `reproducible` a vector depends on its own text alone, to the last bit', async () => {
    const all = await encoder.encode(mixed.slice(0, 4), 'passage', { reproducible: true });
    const alone = await encoder.encode([mixed[2]!], 'passage', { reproducible: true });
    expect([...row(all, 2, 384)]).toEqual([...alone]);
  });

  test('reports progress up to the last text', async () => {
    const seen: EncodeProgress[] = [];
    await encoder.encode(mixed, 'passage', { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ doneTexts: 24, totalTexts: 24, doneTokens: expect.any(Number) as number });
  });

  test('an abort between batches rejects with its reason and stops the work', async () => {
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const seen: EncodeProgress[] = [];
    const run = encoder.encode(mixed, 'passage', {
      signal: controller.signal,
      onProgress: (progress) => {
        seen.push(progress);
        controller.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
    await expect(encoder.encode(['x'], 'passage', { signal: controller.signal })).rejects.toBe(reason);
  });

  test.each([
    ['', 1],
    [' \n\t', 2],
  ])('refuses the empty text %j and names its position', async (text, position) => {
    const texts = ['one', 'two', 'three'];
    texts[position] = text;
    await expect(encoder.encode(texts, 'passage')).rejects.toMatchObject({
      code: 'invalid-input',
      details: { position },
    });
  });

  test('no texts give no vectors', async () => {
    expect(await encoder.encode([], 'passage')).toHaveLength(0);
  });
});

test('a disposed encoder refuses work, also work that is under way, and can be disposed again', async () => {
  const { encoder } = await openEncoder({ modelBase: MODEL_BASE });
  const running = encoder.encode(
    ['a text', 'another, somewhat longer text about the sea and what lives in it'],
    'passage',
    { reproducible: true },
  );
  const refused = expect(running).rejects.toMatchObject({ code: 'closed' });
  await encoder.dispose();
  await refused;
  await expect(encoder.encode(['x'], 'passage')).rejects.toMatchObject({ code: 'closed' });
  await encoder.dispose();
});

describe('refusals', () => {
  const folder = mkdtempSync(`${tmpdir()}/era-encoder-`);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('a missing model is named by its address', async () => {
    await expect(openEncoder({ modelBase: `${folder}/nowhere` })).rejects.toMatchObject({
      code: 'model-load',
      details: { address: expect.stringMatching(/nowhere\/Xenova\/all-MiniLM-L6-v2\/\w+\.json$/) as string },
    });
  });

  test('a model that fails a known answer is refused with the reason', async () => {
    const base = `${folder}/altered/`;
    cpSync(`${MODEL_BASE}${MINILM}`, `${base}${MINILM}`, {
      recursive: true,
      filter: (path) => !path.endsWith('/model.onnx'),
    });
    const path = `${base}${MINILM}/golden.json`;
    const golden = JSON.parse(readFileSync(path, 'utf8')) as { cases: { vector: number[] }[] };
    for (const item of golden.cases) item.vector.reverse();
    writeFileSync(path, JSON.stringify(golden));
    await expect(openEncoder({ modelBase: base })).rejects.toMatchObject({
      code: 'self-test-failed',
      details: { cpu: expect.any(String) as string },
    });

    writeFileSync(path, '{"cases": [null, {"text": "a"}]}');
    await expect(openEncoder({ modelBase: base })).rejects.toMatchObject({
      code: 'model-load',
      details: { address: path },
    });
  });

  test('damaged weights are refused', async () => {
    const base = `${folder}/damaged/`;
    cpSync(`${MODEL_BASE}${MINILM}`, `${base}${MINILM}`, {
      recursive: true,
      filter: (path) => !path.endsWith('/model.onnx'),
    });
    writeFileSync(`${base}${MINILM}/onnx/model_quantized.onnx`, '<!doctype html>');
    await expect(openEncoder({ modelBase: base })).rejects.toMatchObject({
      code: 'model-load',
      details: { cpu: expect.any(String) as string },
    });
  });

  test.each([
    ['an unknown model', { model: 'nobody/nothing' }],
    ['a device that Node does not have', { device: 'webgpu' as const }],
    ['an address in place of a folder', { modelBase: 'https://models.example/' }],
  ])('%s is an invalid option', async (_, options) => {
    await expect(openEncoder({ modelBase: MODEL_BASE, ...options })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  test('a model of the hub is described by its own files there, not by those beside the page', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: string | URL | Request) => {
      asked.push(url instanceof Request ? url.url : String(url));
      return Promise.resolve(new Response('not found', { status: 404 }));
    });
    try {
      await expect(
        openEncoder({ model: 'someone/new-model', fromHub: true, modelBase: MODEL_BASE }),
      ).rejects.toMatchObject({
        code: 'invalid-option',
        message: expect.stringContaining('https://huggingface.co/someone/new-model/resolve/main/') as string,
      });
    } finally {
      vi.unstubAllGlobals();
    }
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((url) => !url.startsWith('https://huggingface.co/someone/new-model/resolve/main/'))).toEqual(
      [],
    );
  });

  test('an aborted opening rejects with the reason of the signal', async () => {
    const reason = new Error('left the page');
    await expect(openEncoder({ modelBase: MODEL_BASE, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    await expect(
      openEncoder({ modelBase: MODEL_BASE, signal: controller.signal, onLoad: () => controller.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
