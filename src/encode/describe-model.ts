// Finds the description of a model. The rest of the engine asks here and knows no model by name.

import { EraError } from '../errors.ts';
import { ModelFiles } from './model-files.ts';
import { readDescription, readOwnDescription } from './read-description.ts';
import type { ModelOptions } from './model-choice.ts';
import type { ModelDescription } from './models.ts';

const KNOWN: readonly ModelDescription[] = [
  {
    name: 'Xenova/all-MiniLM-L6-v2',
    revision: 'main',
    pooling: 'mean',
    maxTokens: 256,
    dims: 384,
    queryPrompt: '',
    passagePrompt: '',
    weights: { q8: 'model_quantized.onnx', fp32: 'model.onnx' },
    languages: ['en'],
  },
  {
    name: 'Xenova/bge-small-en-v1.5',
    revision: 'main',
    pooling: 'cls',
    maxTokens: 512,
    dims: 384,
    queryPrompt: 'Represent this sentence for searching relevant passages: {text}',
    passagePrompt: '',
    weights: { q8: 'model_quantized.onnx' },
    languages: ['en'],
  },
];

const DEFAULTS: Omit<ModelDescription, 'name' | 'dims' | 'pooling' | 'maxTokens'> = {
  revision: 'main',
  queryPrompt: '',
  passagePrompt: '',
  weights: { q8: 'model_quantized.onnx', fp32: 'model.onnx' },
};
const NEEDED = ['dims', 'pooling', 'maxTokens'] as const;

/**
 * Merges the given description, the model's own `era-model.json`, the known models, and the model's other files, in this
 * order of priority. A known model of the hub has no such file.
 * @param where the model's folder, or its address
 * @throws EraError `invalid-option` where none of them says all that is needed, `model-load` for files that are damaged
 * or that the encoder does not support
 */
export async function describeModel(given: ModelOptions, where: ModelFiles | string): Promise<ModelDescription> {
  const files = typeof where === 'string' ? new ModelFiles(where, {}) : where;
  const known = KNOWN.find(({ name }) => name === given.name);
  const own = known && files.isOnHub ? null : await readOwnDescription(files);
  const found = own ? defined(own) : (known ?? defined(await readDescription(files)));
  const description = { ...DEFAULTS, ...(known && { languages: known.languages }), ...found, ...defined(given) };
  const missing = NEEDED.filter((field) => description[field] === undefined);
  if (missing.length === 0) return description as ModelDescription;
  throw new EraError(
    'invalid-option',
    `The model “${given.name}”: neither the option nor the files in ${files.folder} say its ${missing.join(', ')}.`,
    {
      details: { model: given.name, missing: missing.join(' ') },
    },
  );
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
