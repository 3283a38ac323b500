// Wrong outputs of every kind fall below the floor, for both models. A floor measured on right outputs alone would
// prove nothing.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { ModelFiles } from './model-files.ts';
import { describeModel } from './describe-model.ts';
import { portableWeights, spaceOf, type ModelDescription } from './models.ts';
import { NetworkEncoder } from './network-encoder.ts';
import { openNetwork } from './node-runtime.ts';
import { openEncoder } from './open-encoder.ts';
import { loadGolden, selfTest } from './self-test.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

const MODEL_BASE = new URL('../../public/models/', import.meta.url).pathname;
const MINILM = 'Xenova/all-MiniLM-L6-v2';
const BGE = 'Xenova/bge-small-en-v1.5';

const folder = mkdtempSync(`${tmpdir()}/era-self-test-`);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const without = (tokenizer: Tokenizer, cut: (ids: Int32Array<ArrayBuffer>) => Int32Array<ArrayBuffer>): Tokenizer => ({
  ...tokenizer,
  encode: (text, maxTokens) => cut(tokenizer.encode(text, maxTokens)),
});

test.each([MINILM, BGE])(
  '%s: the other pooling, a missing [SEP] and a missing [CLS] are told from the right vectors',
  async (model) => {
    const files = new ModelFiles(`${MODEL_BASE}${model}/`, {});
    const spec = await describeModel({ name: model }, files);
    const [tokenizer, golden, network] = await Promise.all([
      loadTokenizer(files),
      loadGolden(files, spec),
      openNetwork('cpu', { description: spec, weights: portableWeights(spec), files, options: {} }),
    ]);
    const tried = (pooling: ModelDescription['pooling'], tokens: Tokenizer): Promise<void> =>
      selfTest(new NetworkEncoder(spaceOf(spec, 'q8'), 'cpu', { ...spec, pooling }, tokens, network), golden);
    await tried(spec.pooling, tokenizer);
    const refused = { code: 'self-test-failed', details: { cosine: expect.any(Number) as number } };
    await expect(tried(spec.pooling === 'mean' ? 'cls' : 'mean', tokenizer)).rejects.toMatchObject(refused);
    await expect(
      tried(
        spec.pooling,
        without(tokenizer, (ids) => ids.slice(0, -1)),
      ),
    ).rejects.toMatchObject(refused);
    await expect(
      tried(
        spec.pooling,
        without(tokenizer, (ids) => ids.slice(1)),
      ),
    ).rejects.toMatchObject(refused);
    await network.release();
  },
);

// Each position is inside one layer's eight-bit weights, far from the file's structure.
test.each([
  [MINILM, 0.6],
  [MINILM, 0.95],
  [BGE, 0.65],
  [BGE, 0.95],
])(
  '%s with 100 kB of one layer’s weights in the wrong order, from %d of the file on, is refused',
  async (model, share) => {
    const base = `${folder}/${String(share)}/`;
    cpSync(`${MODEL_BASE}${model}`, `${base}${model}`, { recursive: true, filter: (path) => !path.endsWith('.onnx') });
    const bytes = readFileSync(`${MODEL_BASE}${model}/onnx/model_quantized.onnx`);
    const at = Math.floor(share * bytes.length);
    bytes.subarray(at, at + 100_000).reverse();
    mkdirSync(`${base}${model}/onnx`, { recursive: true });
    writeFileSync(`${base}${model}/onnx/model_quantized.onnx`, bytes);
    await expect(openEncoder({ model, modelBase: base })).rejects.toMatchObject({
      code: 'self-test-failed',
      details: { cpu: expect.stringContaining('cosine') as string },
    });
  },
);
