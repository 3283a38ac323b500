// Validates the body of an embeddings request: OpenAI's format, within the server's limits.

import { ApiError } from './api-error.ts';

export interface InputCaps {
  /** Most texts in one request. */
  readonly maxTexts: number;
  /** Most UTF-16 code units in one text. */
  readonly maxTextChars: number;
}

export interface EmbeddingsInput {
  readonly model: string;
  readonly texts: readonly string[];
  readonly format: 'float' | 'base64';
}

/**
 * @param body JSON value, of any shape
 * @param dims dimensions of the model: another `dimensions` is refused
 * @throws ApiError 400, 404 for a model that is not served, 413 over a limit
 */
export function readEmbeddingsInput(
  body: unknown,
  modelNames: readonly string[],
  dims: number,
  caps: InputCaps,
): EmbeddingsInput {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('The body must be a JSON object.');
  const { model, input, encoding_format: format = 'float', dimensions = dims } = body as Record<string, unknown>;
  if (typeof model !== 'string') throw invalid('model must be a string.', 'model');
  if (!modelNames.includes(model)) {
    throw new ApiError(
      `The model ${JSON.stringify(model.slice(0, 200))} does not exist here. There is: ${modelNames.join(', ')}.`,
      { status: 404, code: 'model_not_found', param: 'model' },
    );
  }
  if (format !== 'float' && format !== 'base64')
    throw invalid('encoding_format must be float or base64.', 'encoding_format');
  if (dimensions !== dims)
    throw invalid(`dimensions must be ${String(dims)} for this model, or left out.`, 'dimensions');

  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) throw invalid('input is an empty list.', 'input');
  if (texts.length > caps.maxTexts)
    throw tooLarge(`input has ${String(texts.length)} texts, more than ${String(caps.maxTexts)}.`, 'input');
  texts.forEach((text, i) => {
    const name = Array.isArray(input) ? `input[${String(i)}]` : 'input';
    if (typeof text !== 'string') throw invalid(`${name} must be a string; token ids are not taken.`, name);
    if (text.trim() === '') throw invalid(`${name} is empty.`, name);
    if (text.length > caps.maxTextChars)
      throw tooLarge(`${name} has ${String(text.length)} characters, more than ${String(caps.maxTextChars)}.`, name);
  });
  return { model, texts: texts as string[], format };
}

export function tooLarge(message: string, param?: string): ApiError {
  return new ApiError(message, { status: 413, code: 'too_large', param });
}

function invalid(message: string, param?: string): ApiError {
  return new ApiError(message, { status: 400, code: null, param });
}
