// Benchmark: passages a second when an index is made, beside what the runtime itself gives on the same tokens in the
// same run: bare onnxruntime-node on all cores, one text after the other, and four at a time in the order of their
// lengths. It prints and never passes or fails. Needs the command: npx vite build --mode node
//   node e2e/bench/run.mjs index-speed [--corpus HumanEval-X] [--passages 400] [--repeats 3] [--jobs N]

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeModel } from '../../src/encode/describe-model.ts';
import { locateModel } from '../../src/encode/model-choice.ts';
import { ModelFiles } from '../../src/encode/model-files.ts';
import { DEFAULT_MODEL, portableWeights } from '../../src/encode/models.ts';
import { loadTokenizer } from '../../src/encode/tokenizer.ts';
import { openEmbedPool } from '../../src/node/site/embed-pool.ts';
import { root } from '../support/cli.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    corpus: { type: 'string', default: 'HumanEval-X' },
    passages: { type: 'string', default: '400' },
    repeats: { type: 'string', default: '3' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const modelsDir = join(root, 'public/models');
const { model, base } = locateModel(DEFAULT_MODEL, modelsDir);
const files = new ModelFiles(`${base}${model.name}/`, {});
const description = await describeModel(model, files);
const tokenizer = await loadTokenizer(files);

const texts = readFileSync(join(root, 'public/corpora', values.corpus, 'docs.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .slice(0, Number(values.passages))
  .map((line) => (JSON.parse(line) as { readonly doc: string }).doc);
const tokens = texts.map((text) => tokenizer.encode(text, description.maxTokens));
const byLength = [...tokens].sort((a, b) => a.length - b.length);

// transformers.js brings the runtime, which is no dependency of this package itself.
const require = createRequire(createRequire(import.meta.url).resolve('@huggingface/transformers'));
const { InferenceSession, Tensor } = require('onnxruntime-node') as typeof import('onnxruntime-common');
const session = await InferenceSession.create(join(modelsDir, model.name, 'onnx', portableWeights(description).file));

async function bare(all: readonly Int32Array[], size: number): Promise<void> {
  for (let first = 0; first < all.length; first += size) {
    const batch = all.slice(first, first + size);
    const length = Math.max(...batch.map((ids) => ids.length));
    const dims = [batch.length, length];
    const numbers = (of: (ids: Int32Array, at: number) => number): InstanceType<typeof Tensor> =>
      new Tensor(
        'int64',
        BigInt64Array.from({ length: batch.length * length }, (_, i) =>
          BigInt(of(batch[Math.floor(i / length)]!, i % length)),
        ),
        dims,
      );
    await session.run({
      input_ids: numbers((ids, at) => ids[at] ?? 0),
      attention_mask: numbers((ids, at) => (at < ids.length ? 1 : 0)),
      token_type_ids: numbers(() => 0),
    });
  }
}

const pool = await openEmbedPool({
  description,
  modelsDir,
  jobs: Number(values.jobs),
  file: join(root, 'dist/node/embed-worker.js'),
});
const ways = {
  'bare runtime, one text at a time': () => bare(tokens, 1),
  'bare runtime, four at a time by length': () => bare(byLength, 4),
  [`era-search, ${values.jobs} models, one text at a time`]: () => pool.embed(texts, () => undefined),
};
const seconds = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
for (let round = -1; round < Number(values.repeats); round++)
  for (const [name, work] of Object.entries(ways)) {
    const begin = performance.now();
    await work();
    if (round >= 0) seconds.get(name)!.push((performance.now() - begin) / 1000);
  }
await pool.dispose();

const [cpu] = cpus();
const mean = tokens.reduce((sum, ids) => sum + ids.length, 0) / tokens.length;
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}; ${values.corpus}, ${String(texts.length)} passages of ${mean.toFixed(0)} tokens, ${model.name}`,
);
const speeds = [...seconds].map(([name, all]) => ({
  name,
  speed: texts.length / [...all].sort((a, b) => a - b)[all.length >> 1]!,
}));
const best = Math.max(...speeds.slice(0, 2).map(({ speed }) => speed));
for (const { name, speed } of speeds)
  console.log(`${name}: ${speed.toFixed(1)} passages a second, ${(speed / best).toFixed(2)} of the best bare one`);
