// Where what is known of a model comes from. The rest of the engine asks here and knows no model by name.

import { EraError } from '../errors.ts';
import { ModelFiles } from './model-files.ts';
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

/** @param where the model's folder, or its address @throws EraError `invalid-option` for a model that is not known */
export function describeModel(model: string, where: ModelFiles | string): Promise<ModelDescription> {
  const files = typeof where === 'string' ? new ModelFiles(where, {}) : where;
  const known = KNOWN.find(({ name }) => name === model);
  if (known) return Promise.resolve(known);
  return Promise.reject(new EraError('invalid-option', `Unknown model “${model}” in ${files.folder}: known are ${KNOWN.map(({ name }) => name).join(', ')}.`, { details: { model } }));
}
