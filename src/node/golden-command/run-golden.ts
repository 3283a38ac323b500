// `era-search golden`: prepares a model for pages: its known answers, which every device has to reproduce before it is
// used, and its description.

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeModel } from '../../encode/describe-model.ts';
import { locateModel, type ModelOptions } from '../../encode/model-choice.ts';
import { DESCRIPTION_FILE, ModelFiles } from '../../encode/model-files.ts';
import { spaceOf, type ModelDescription, type Weights, type WeightsDtype } from '../../encode/models.ts';
import { NetworkEncoder } from '../../encode/network-encoder.ts';
import { openNetwork } from '../../encode/node-runtime.ts';
import { COSINE_FLOOR } from '../../encode/self-test.ts';
import { loadTokenizer } from '../../encode/tokenizer.ts';
import { EraError, isEraError, messageOf } from '../../errors.ts';
import { dot, row } from '../../math/vector.ts';
import { prompted } from '../../role.ts';
import type { CommandIo } from '../command-io.ts';
import { packageRoot } from '../package-root.ts';

const USAGE = `era-search golden --model M [flags]

Makes a sentence-embedding model in the layout of transformers.js (config.json, tokenizer.json, tokenizer_config.json, onnx/) ready for pages:
writes golden.json, vectors of a few texts that every device has to give before it is used, and ${DESCRIPTION_FILE}, what pages need to know.
What is not named is read from the model's files (1_Pooling, config_sentence_transformers.json, config.json …).

  --model M            a folder (./models/mine), or a name below --models
  --models DIR         folder of the small models                              (the models that come with era-search)
  --pooling P          mean, cls or last
  --dims N             numbers in a vector
  --max-tokens N       longest text, with the tokens that the model puts around it
  --query-prompt T     template of queries, such as 'query: {text}'
  --passage-prompt T   template of passages
  --revision R         of the model                                            (main)
  --help`;

/**
 * Texts of several lengths and scripts, with what tokenizers often get wrong: spaces, signs, control characters. The
 * shortest are the self-test.
 */
const TEXTS: readonly string[] = [
  'a',
  'How do I reverse a list in Python?',
  'The cat sat on the mat.',
  'Réinitialiser le mot de passe — 忘记密码',
  'Wie setze ich mein Kennwort zurück?',
  'SELECT name FROM users WHERE id = 42;',
  '   leading and trailing spaces   ',
  '🙂 emoji only? 🚀',
  'NULL\0byte and control\x07 characters',
  'A fairly long passage. '.repeat(120).trim(),
];

/** File names under `onnx/` of the weights of a format; the first that exists is taken. */
const WEIGHTS: Readonly<Record<WeightsDtype, readonly string[]>> = {
  q8: ['model_quantized.onnx', 'model_int8.onnx', 'model_uint8.onnx'],
  fp32: ['model.onnx'],
};

/** @returns the exit code, 0 @throws EraError `invalid-option`, `model-load` */
export async function runGolden(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      models: { type: 'string', default: join(packageRoot(), 'public/models') },
      pooling: { type: 'string' },
      dims: { type: 'string' },
      'max-tokens': { type: 'string' },
      'query-prompt': { type: 'string' },
      'passage-prompt': { type: 'string' },
      revision: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    io.print(USAGE);
    return 0;
  }
  if (values.model === undefined)
    throw new EraError('invalid-option', '--model is missing: name a folder, or a model below --models.', {
      details: { option: 'model' },
    });
  const { model, base } = locateModel(values.model, values.models);
  const files = new ModelFiles(`${base}${model.name}/`, { signal: io.signal });
  const weights = await weightsIn(files.folder);
  const given: ModelOptions = {
    ...model,
    weights,
    pooling: poolingOf(values.pooling),
    dims: wholeOf('dims', values.dims),
    maxTokens: wholeOf('max-tokens', values['max-tokens']),
    queryPrompt: templateOf('query-prompt', values['query-prompt']),
    passagePrompt: templateOf('passage-prompt', values['passage-prompt']),
    revision: values.revision,
  };
  const described = await describeModel(given, files).catch(withFlags);
  const { description, golden } = await goldenOf(described, files, io);
  await write(files.folder, DESCRIPTION_FILE, { ...description, name: undefined }); // the name of the folder
  await write(files.folder, 'golden.json', golden);
  io.print(
    `${files.folder}: ${description.dims} dimensions, ${description.pooling} pooling, ${description.maxTokens} tokens; ${DESCRIPTION_FILE} and golden.json are written.`,
  );
  return 0;
}

/** Names the flags that say what neither the options nor the files of the model do. */
function withFlags(error: unknown): never {
  if (!isEraError(error, 'invalid-option') || typeof error.details['missing'] !== 'string') throw error;
  const flags = error.details['missing'].split(' ').map((field) => `--${field.replace(/[A-Z]/g, '-$&').toLowerCase()}`);
  throw new EraError('invalid-option', `${error.message} Say it by ${flags.join(', ')}.`, {
    details: error.details,
    cause: error,
  });
}

interface Golden {
  readonly model: string;
  readonly pooling: string;
  readonly maxTokens: number;
  readonly reference: string;
  /** File of weights → lowest cosine with the known answers, on this machine. */
  readonly lowestCosineHere: Readonly<Record<string, number>>;
  readonly cases: readonly { readonly text: string; readonly tokens: number; readonly vector: readonly number[] }[];
}

/**
 * The known answers: of the fp32 weights where available, else of q8. Where q8 is further from fp32 than the floor of
 * the self-test, index and pages have to use the same weights: the known answers are then those of q8, and the
 * description leaves fp32 out.
 */
async function goldenOf(
  description: ModelDescription,
  files: ModelFiles,
  io: CommandIo,
): Promise<{ description: ModelDescription; golden: Golden }> {
  const dtypes = (['fp32', 'q8'] as const).filter((dtype) => description.weights[dtype] !== undefined);
  const [first] = dtypes;
  if (first === undefined)
    throw new EraError(
      'model-load',
      `${files.folder}onnx/ holds none of ${Object.values(WEIGHTS).flat().join(', ')}.`,
      { details: { address: `${files.folder}onnx/` } },
    );
  const answers = new Map<WeightsDtype, Float32Array>();
  for (const dtype of dtypes) answers.set(dtype, await vectorsOf(description, dtype, files));
  const lowest = (of: WeightsDtype, against: Float32Array): number =>
    Math.min(
      ...TEXTS.map((__, i) => dot(row(answers.get(of)!, i, description.dims), row(against, i, description.dims))),
    );
  const isApart = first === 'fp32' && dtypes.includes('q8') && lowest('q8', answers.get('fp32')!) < COSINE_FLOOR.q8;
  const reference: WeightsDtype = isApart ? 'q8' : first;
  if (isApart)
    io.note(
      `The eight-bit weights have cosine ${lowest('q8', answers.get('fp32')!).toFixed(3)} with the full ones: pages and index will use the eight-bit ones alone.`,
    );
  const used: ModelDescription = isApart ? { ...description, weights: { q8: description.weights.q8! } } : description;
  const tokenizer = await loadTokenizer(files);
  const vectors = answers.get(reference)!;
  return {
    description: used,
    golden: {
      model: description.name,
      pooling: description.pooling,
      maxTokens: description.maxTokens,
      reference: `${reference} weights, one text per batch, CPU`,
      lowestCosineHere: Object.fromEntries(
        Object.entries(used.weights).map(([dtype, file]) => [file, lowest(dtype as WeightsDtype, vectors)]),
      ),
      cases: TEXTS.map((text, i) => ({
        text,
        tokens: tokenizer.encode(prompted(description.passagePrompt, text), description.maxTokens).length,
        vector: Array.from(row(vectors, i, description.dims), (value) => Number(value.toFixed(6))),
      })),
    },
  };
}

async function vectorsOf(description: ModelDescription, dtype: WeightsDtype, files: ModelFiles): Promise<Float32Array> {
  const weights: Weights = { dtype, file: description.weights[dtype]! };
  const [tokenizer, network] = await Promise.all([
    loadTokenizer(files),
    openNetwork('cpu', { description, weights, files, options: {} }),
  ]);
  try {
    return await new NetworkEncoder(spaceOf(description, dtype), 'cpu', description, tokenizer, network).encode(
      TEXTS,
      'passage',
      { reproducible: true },
    );
  } finally {
    await network.release();
  }
}

async function weightsIn(folder: string): Promise<ModelDescription['weights']> {
  const names = await readdir(join(folder, 'onnx')).catch((cause: unknown) => {
    throw new EraError('model-load', `${join(folder, 'onnx')}: ${messageOf(cause)}`, {
      details: { address: join(folder, 'onnx') },
      cause,
    });
  });
  const found = Object.entries(WEIGHTS).flatMap(([dtype, candidates]) =>
    candidates
      .filter((name) => names.includes(name))
      .slice(0, 1)
      .map((name) => [dtype, name] as const),
  );
  return Object.fromEntries(found);
}

async function write(folder: string, name: string, content: object): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, `${JSON.stringify(content)}\n`).catch((cause: unknown) => {
    throw new EraError('invalid-option', `${path} cannot be written: ${messageOf(cause)}`, {
      details: { path },
      cause,
    });
  });
}

function poolingOf(value: string | undefined): ModelDescription['pooling'] | undefined {
  if (value === undefined || value === 'mean' || value === 'cls' || value === 'last') return value;
  throw new EraError('invalid-option', `--pooling is mean, cls or last, not ${value}.`, {
    details: { option: 'pooling' },
  });
}

function wholeOf(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new EraError('invalid-option', `--${option} is a whole number of at least 1, not ${value}.`, {
    details: { option },
  });
}

function templateOf(option: string, value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value.includes('{text}')) return value;
  throw new EraError('invalid-option', `--${option} has no {text}, where the text goes.`, { details: { option } });
}
