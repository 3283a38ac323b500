import { describe, expect, test } from 'vitest';
import { isOverLimit } from './over-limit.ts';

describe('a refusal is over a limit', () => {
  // Words of public reports, but for the first: a reverse proxy has none.
  test.each([
    [413, ''],
    [400, "Invalid 'input': array length must be 2048 or less."],
    [400, "'input' array too long. Expected an array with maximum length 2048, but got one with length 5047."],
    [400, 'Requested 309209 tokens, max 300000 tokens per request'],
    [400, "This model's maximum context length is 8192 tokens, however you requested 8610 tokens"],
    [400, 'Too many inputs. The max number of inputs is 1.'],
    [400, '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch'],
    [400, 'Request payload size exceeds the limit: 4194304 bytes.'],
    [400, 'Too many inputs in request, split into more batches.'],
    [400, 'Too many tokens overall, split into more batches.'],
    [400, 'Too many tokens in batch. Max is 16384 got 17555'],
    [400, 'invalid request: total number of texts must be at most 96 - received 131'],
    [400, 'The batch size limit is 1000. Your batch size is 1001.'],
    [400, 'The max allowed tokens per submitted batch is 120000. Your batch has 121138 tokens after truncation.'],
    [400, '"input" length 2049 is larger than the largest allowed size 2048'],
    [400, "Validation error: 'body -> jina-embeddings-v4' Each input list can contain at most 512 items."],
    [400, 'Value error, batch size is invalid, it should not be larger than 10.: input.contents'],
    [400, 'the input length exceeds the context length'],
    [400, 'The prompt (total length 25938) is too long to fit into the model (context length 4096).'],
    [422, 'batch size 33 > maximum allowed batch size 32'],
    [422, 'Input validation error: `inputs` must have less than 512 tokens. Given: 534'],
    [500, 'input (992 tokens) is too large to process. increase the physical batch size'],
    [500, 'input is larger than the max context size. skipping'],
    [500, 'the input length exceeds the context length'],
  ])('%i %s', (status, said) => {
    expect(isOverLimit(status, said)).toBe(true);
  });

  test.each([
    [400, ''],
    [400, 'API key not valid. Please pass a valid API key.'],
    [400, "Invalid value for 'dimensions' = 5000. Must be less than or equal to 3072."],
    [400, "Value 'float' supplied for argument 'encoding_format' is not valid"],
    [400, "'input' field must be a string or an array of strings"],
    [401, 'The request exceeds what this key may send: too many tokens'],
    [404, 'model "x" not found, try pulling it first'],
    [422, 'body.dimensions: Extra inputs are not permitted'],
    [429, 'Rate limit reached: at most 1000000 tokens a minute'],
    [500, 'Internal error'],
    [503, 'Too many requests in the batch queue, limit 10'],
  ])('but not %i %s', (status, said) => {
    expect(isOverLimit(status, said)).toBe(false);
  });
});
