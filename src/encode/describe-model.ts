// Where what is known of a model comes from. The rest of the engine asks here and knows no model by name.

import { EraError } from '../errors.ts';
import { ModelFiles } from './model-files.ts';
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
  },
];

const DEFAULTS: Omit<ModelDescription, 'name' | 'dims' | 'pooling' | 'maxTokens'> = { revision: 'main', queryPrompt: '', passagePrompt: '', weights: { q8: 'model_quantized.onnx', fp32: 'model.onnx' } };
const NEEDED = ['dims', 'pooling', 'maxTokens'] as const;

/**
 * What is given, then what is known.
 * @param where the model's folder, or its address
 * @throws EraError `invalid-option` for a model of which too little is known
 */
export function describeModel(given: ModelOptions, where: ModelFiles | string): Promise<ModelDescription> {
  const files = typeof where === 'string' ? new ModelFiles(where, {}) : where;
  const known = KNOWN.find(({ name }) => name === given.name);
  const description = { ...DEFAULTS, ...known, ...defined(given) };
  const missing = NEEDED.filter((field) => description[field] === undefined);
  if (missing.length === 0) return Promise.resolve(description as ModelDescription);
  return Promise.reject(
    new EraError('invalid-option', `Unknown model “${given.name}” in ${files.folder}: nobody says its ${missing.join(', ')}. Known are ${KNOWN.map(({ name }) => name).join(', ')}.`, {
      details: { model: given.name, missing: missing.join(' ') },
    }),
  );
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
